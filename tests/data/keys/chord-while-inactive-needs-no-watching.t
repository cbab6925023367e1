# The event mask lets the chord's keys through; the host sees them, too.
leftmeta+f12 = target 1
inactive

0 leftmeta down
1000 f12 down
1100 f12 up
1200 leftmeta up

1000 fire target 1
