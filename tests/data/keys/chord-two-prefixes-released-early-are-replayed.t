leftctrl+leftalt+h = home

0 leftctrl down
30 leftalt down
60 leftctrl up
90 leftalt up

60 key leftctrl down
60 key leftalt down
60 key leftctrl up
90 key leftalt up
