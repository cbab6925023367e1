# The bus was faster. What the host saw going down does not reach the guest, and fires nothing.
tap(rightctrl) = toggle
release(f1) = last
inactive

0 f1 down
10 rightctrl down
50 ENTER 0
80 rightctrl up
90 f1 up
200 a down

10 watch kbd on
50 motion 0 0
200 key a down
