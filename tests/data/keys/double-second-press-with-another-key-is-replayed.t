double(rightctrl) = next

0 rightctrl down
80 rightctrl up
150 rightctrl down
180 c down
220 c up
260 rightctrl up

180 key rightctrl down
180 key rightctrl up
180 key rightctrl down
180 key c down
220 key c up
260 key rightctrl up
