double(rightctrl) = next

0 rightctrl down
80 rightctrl up
150 rightctrl down
800 rightctrl up

400 key rightctrl down
400 key rightctrl up
400 key rightctrl down
800 key rightctrl up
