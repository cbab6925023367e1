# A lone tap is swallowed whole and acts when the key comes up.
tap(rightctrl) = toggle

0 rightctrl down
100 rightctrl up
400 a down
450 a up

100 fire toggle
400 key a down
450 key a up
