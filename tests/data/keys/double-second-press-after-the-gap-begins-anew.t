double(rightctrl) = next

0 rightctrl down
80 rightctrl up
330 rightctrl down
400 rightctrl up
500 rightctrl down
580 rightctrl up

330 key rightctrl down
330 key rightctrl up
580 fire next
