# The second press is no second tap: the first acts, and the second is a hold of its own.
tap(rightctrl) = next
double(rightctrl) = last
hold(rightctrl) = lend_mouse

0 rightctrl down
80 rightctrl up
200 rightctrl down
900 rightctrl up

450 fire next
450 fire lend_mouse
900 fire lend_mouse end
