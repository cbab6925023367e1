tap(rightctrl) = toggle

0 kbd rightctrl down
20 kbd2 rightctrl down
40 kbd rightctrl up
60 kbd2 rightctrl up
500 kbd rightctrl down
520 kbd2 rightctrl down
540 kbd2 a down
560 kbd2 rightctrl up
580 kbd rightctrl up

60 fire toggle
540 key rightctrl down
540 key a down
580 key rightctrl up
