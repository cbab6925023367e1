# At the time-out the key is the guest's; its release follows when it comes.
tap(rightctrl) = toggle

0 rightctrl down
900 rightctrl up

250 key rightctrl down
900 key rightctrl up
