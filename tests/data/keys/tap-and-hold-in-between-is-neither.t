# Too long for the tap, too short for the hold.
tap(rightctrl) = toggle
hold(rightctrl) = lend_mouse
timing tap=150 hold=400

0 rightctrl down
300 rightctrl up

300 key rightctrl down
300 key rightctrl up
