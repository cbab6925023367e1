leftctrl+f12 = next
leftctrl+leftalt+f12 = home

0 leftctrl down
20 leftalt down
40 f12 down
60 f12 up
80 leftalt up
90 f12 down
95 f12 up
99 leftctrl up

40 fire home
90 fire next
