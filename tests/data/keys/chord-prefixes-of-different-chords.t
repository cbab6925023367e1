# No chord has both, so the first key is the guest's when the second goes down. Of two chords that
# are complete and equally long, the first of the list wins.
leftmeta+f12 = next
leftctrl+f12 = home

0 leftmeta down
40 leftctrl down
80 f12 down
100 f12 up
120 leftctrl up
140 leftmeta up

40 key leftmeta down
80 key leftctrl down
80 fire next
120 key leftctrl up
140 key leftmeta up
