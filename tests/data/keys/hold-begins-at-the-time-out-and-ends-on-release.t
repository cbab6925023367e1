hold(rightctrl) = lend_mouse
react

0 mouse btn_left down
10 mouse btn_left up
100 rightctrl down
400 mouse rel_x 7
450 mouse btn_left down
500 mouse btn_left up
600 rightctrl up
700 mouse rel_x 3

0 button left down
10 button left up
350 fire lend_mouse
600 fire lend_mouse end
700 motion 3 0
