tap(rightctrl) = toggle

0 a down
10 b down
100 resync b leftshift rightctrl
200 b up
210 leftshift up
220 rightctrl up

0 key a down
10 key b down
100 key a up
100 key leftshift down
100 key rightctrl down
200 key b up
210 key leftshift up
220 key rightctrl up
