tap(rightctrl) = toggle
double(rightctrl) = next
hold(rightctrl) = lend_mouse

0 rightctrl down
80 rightctrl up
1000 rightctrl down
1080 rightctrl up
1200 rightctrl down
1280 rightctrl up
2000 rightctrl down
2900 rightctrl up

330 fire toggle
1280 fire next
2250 fire lend_mouse
2900 fire lend_mouse end
