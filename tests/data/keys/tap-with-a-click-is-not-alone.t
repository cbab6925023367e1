tap(rightctrl) = toggle

0 rightctrl down
50 mouse btn_left down
90 mouse btn_left up
120 rightctrl up

50 key rightctrl down
50 button left down
90 button left up
120 key rightctrl up
