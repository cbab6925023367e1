double(rightctrl) = next

0 rightctrl down
80 rightctrl up
120 a down
200 a up

120 key rightctrl down
120 key rightctrl up
120 key a down
200 key a up
