leftmeta+f12 = next

0 leftmeta down
80 leftmeta up

80 key leftmeta down
80 key leftmeta up
