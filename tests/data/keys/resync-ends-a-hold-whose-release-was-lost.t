hold(rightctrl) = lend_mouse
release(f1) = target 1

0 rightctrl down
300 f1 down
400 resync

250 fire lend_mouse
400 fire target 1
400 fire lend_mouse end
