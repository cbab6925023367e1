# What was lost may have been another key.
tap(rightctrl) = toggle

0 rightctrl down
50 resync
100 rightctrl down
120 rightctrl up

50 key rightctrl down
50 key rightctrl up
120 fire toggle
