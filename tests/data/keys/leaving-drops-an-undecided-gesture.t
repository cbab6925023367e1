tap(rightctrl) = toggle

0 a down
10 rightctrl down
50 LEAVE
80 rightctrl up

0 key a down
50 key a up
