leftmeta+f12 = next
tap(rightctrl) = toggle

0 leftmeta down
300 rightctrl down
350 f12 down
400 f12 up
450 rightctrl up
500 leftmeta up

250 key leftmeta down
350 key rightctrl down
350 fire next
450 key rightctrl up
500 key leftmeta up
