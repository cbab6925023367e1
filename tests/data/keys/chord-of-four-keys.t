leftctrl+leftalt+leftshift+f1 = target 1

0 leftctrl down
20 leftshift down
40 leftalt down
60 f1 down
80 f1 up
90 leftctrl up
100 leftshift up
110 leftalt up

60 fire target 1
