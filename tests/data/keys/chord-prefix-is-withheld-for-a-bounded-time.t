# A game that waits for Meta gets it; the chord still works, only its last key is swallowed.
leftmeta+f12 = next

0 leftmeta down
1000 f12 down
1100 f12 up
1200 leftmeta up

250 key leftmeta down
1000 fire next
1200 key leftmeta up
