tap(leftmeta) = toggle
leftmeta+f12 = next

0 leftmeta down
80 leftmeta up
500 leftmeta down
540 f12 down
560 f12 up
580 leftmeta up
1000 leftmeta down
1040 e down
1080 e up
1100 leftmeta up

80 fire toggle
540 fire next
1040 key leftmeta down
1040 key e down
1080 key e up
1100 key leftmeta up
