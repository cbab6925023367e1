hold(rightctrl) = lend_mouse
react

0 rightctrl down
400 LEAVE
600 rightctrl up

250 fire lend_mouse
600 fire lend_mouse end
