leftmeta+f12 = next

0 kbd leftmeta down
50 kbd2 f12 down
90 kbd2 f12 up
120 kbd leftmeta up

50 fire next
