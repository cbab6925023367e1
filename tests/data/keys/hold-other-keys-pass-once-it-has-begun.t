hold(rightctrl) = lend_mouse

0 rightctrl down
300 a down
330 a up
400 rightctrl repeat
500 rightctrl up

250 fire lend_mouse
300 key a down
330 key a up
500 fire lend_mouse end
