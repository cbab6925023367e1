leftctrl+leftalt+h = home

0 leftalt down
40 leftctrl down
80 h down
120 h up
130 leftctrl up
140 leftalt up

80 fire home
