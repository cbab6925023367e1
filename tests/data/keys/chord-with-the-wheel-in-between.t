# Ctrl and wheel zoom in the guest; the chord still completes.
leftctrl+f12 = next

0 leftctrl down
50 mouse rel_wheel -1
100 f12 down
130 f12 up
150 leftctrl up

50 key leftctrl down
50 button wheeldown down
50 button wheeldown up
100 fire next
150 key leftctrl up
