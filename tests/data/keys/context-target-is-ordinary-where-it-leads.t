tap(f1) = target 0
tap(f2) = target 1

0 f1 down
50 f1 up
100 f2 down
150 f2 up

0 key f1 down
50 key f1 up
150 fire target 1
