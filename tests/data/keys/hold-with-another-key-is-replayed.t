hold(rightctrl) = lend_mouse

0 rightctrl down
100 c down
150 c up
600 rightctrl up

100 key rightctrl down
100 key c down
150 key c up
600 key rightctrl up
