leftmeta+f12 = next

0 f12 down
50 leftmeta down
100 leftmeta up
150 f12 up

0 key f12 down
100 key leftmeta down
100 key leftmeta up
150 key f12 up
