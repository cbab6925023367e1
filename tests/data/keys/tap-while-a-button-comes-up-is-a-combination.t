# Ctrl pressed at the end of a drag changes what the drop does.
tap(rightctrl) = toggle

0 mouse btn_left down
50 rightctrl down
80 mouse btn_left up
110 rightctrl up

0 button left down
80 key rightctrl down
80 button left up
110 key rightctrl up
