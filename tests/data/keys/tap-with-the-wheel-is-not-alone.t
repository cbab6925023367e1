tap(rightctrl) = toggle

0 rightctrl down
50 mouse rel_wheel 1
120 rightctrl up

50 key rightctrl down
50 button wheelup down
50 button wheelup up
120 key rightctrl up
