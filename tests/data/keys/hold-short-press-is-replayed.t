hold(rightctrl) = lend_mouse

0 rightctrl down
100 rightctrl up

100 key rightctrl down
100 key rightctrl up
