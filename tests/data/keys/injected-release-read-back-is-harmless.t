# Before the grab the daemon releases the host's keys by writing into the node, and reads that back.
press(f9) = target 0
leftmeta+f12 = target 0
inactive
react

0 leftmeta down
10 f12 down
10 leftmeta up
10 f12 up
500 f9 down
510 f9 up

10 fire target 0
10 motion 0 0
500 key f9 down
510 key f9 up
