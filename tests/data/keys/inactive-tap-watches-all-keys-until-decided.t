# Without watching, Ctrl+C would look like a lone tap.
tap(rightctrl) = toggle
inactive

0 rightctrl down
80 rightctrl up
1000 rightctrl down
1050 c down
1080 c up
1100 rightctrl up
2000 rightctrl down
2900 rightctrl up

0 watch kbd on
80 watch kbd off
80 fire toggle
1000 watch kbd on
1050 watch kbd off
2000 watch kbd on
2250 watch kbd off
