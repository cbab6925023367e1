leftmeta+f12 = next

0 leftmeta down
50 e down
90 e up
120 leftmeta up

50 key leftmeta down
50 key e down
90 key e up
120 key leftmeta up
