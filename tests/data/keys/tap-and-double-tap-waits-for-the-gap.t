tap(rightctrl) = toggle
double(rightctrl) = next
timing double=300

0 rightctrl down
80 rightctrl up
2000 rightctrl down
2080 rightctrl up
2200 rightctrl down
2280 rightctrl up

380 fire toggle
2280 fire next
