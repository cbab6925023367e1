double(rightctrl) = next
inactive

0 rightctrl down
80 rightctrl up
200 rightctrl down
260 rightctrl up
1000 rightctrl down
1080 rightctrl up
2000 WAIT

0 watch kbd on
260 watch kbd off
260 fire next
1000 watch kbd on
1330 watch kbd off
