# A fast typist's last letter comes up while the hotkey goes down: it decides nothing.
tap(rightctrl) = toggle

0 o down
60 rightctrl down
90 o up
140 rightctrl up

0 key o down
90 key o up
140 fire toggle
