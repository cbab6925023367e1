# A combination stays one: the guest gets the withheld press before what decided.
tap(rightctrl) = toggle

0 rightctrl down
50 c down
80 c up
120 rightctrl up

50 key rightctrl down
50 key c down
80 key c up
120 key rightctrl up
