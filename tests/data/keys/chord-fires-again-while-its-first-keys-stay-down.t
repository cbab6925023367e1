leftmeta+f12 = next
leftmeta+f11 = last

0 leftmeta down
50 f12 down
90 f12 up
300 f12 down
340 f12 up
600 f11 down
640 f11 up
700 leftmeta up

50 fire next
300 fire next
600 fire last
