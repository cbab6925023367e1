tap(rightctrl) = toggle

0 kbd rightctrl down
20 kbd2 a down
40 kbd2 a up
60 kbd rightctrl up

20 key rightctrl down
20 key a down
40 key a up
60 key rightctrl up
