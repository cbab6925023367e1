double(rightctrl) = next

0 rightctrl down
80 rightctrl up
200 rightctrl down
280 rightctrl up

280 fire next
