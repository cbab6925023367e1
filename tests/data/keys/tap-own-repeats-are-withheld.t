# A keyboard that repeats sooner than the time-out: the withheld key's repeats reach nobody.
tap(rightctrl) = toggle
timing tap=400

0 rightctrl down
250 rightctrl repeat
283 rightctrl repeat
300 rightctrl up
1000 rightctrl down
1250 rightctrl repeat
1433 rightctrl repeat
1500 rightctrl up

300 fire toggle
1400 key rightctrl down
1433 key rightctrl repeat
1500 key rightctrl up
