# A hand on the mouse must not spoil the hotkey; motion does not wait for the decision.
tap(rightctrl) = toggle

0 rightctrl down
20 mouse rel_x 5
60 mouse rel_y -2
100 rightctrl up

20 motion 5 0
60 motion 0 -2
100 fire toggle
