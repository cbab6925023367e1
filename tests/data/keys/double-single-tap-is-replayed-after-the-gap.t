double(rightctrl) = next

0 rightctrl down
80 rightctrl up
1000 WAIT

330 key rightctrl down
330 key rightctrl up
