# Another key says that no second tap comes; the tap acts first, so the key goes where it leads.
tap(rightctrl) = home
double(rightctrl) = next
react

0 rightctrl down
80 rightctrl up
120 a down
200 a up

120 fire home
