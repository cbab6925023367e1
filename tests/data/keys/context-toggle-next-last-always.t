tap(f1) = toggle
tap(f2) = next
tap(f3) = last
inactive

0 f1 down
10 f1 up
20 f2 down
30 f2 up
40 f3 down
50 f3 up
100 ENTER 0
200 f1 down
210 f1 up
220 f2 down
230 f2 up
240 f3 down
250 f3 up

0 watch kbd on
10 watch kbd off
10 fire toggle
20 watch kbd on
30 watch kbd off
30 fire next
40 watch kbd on
50 watch kbd off
50 fire last
100 motion 0 0
210 fire toggle
230 fire next
250 fire last
