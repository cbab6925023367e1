tap(rightctrl) = toggle
timing tap=200

0 rightctrl down
199 rightctrl up
1000 rightctrl down
1200 rightctrl up

199 fire toggle
1200 key rightctrl down
1200 key rightctrl up
