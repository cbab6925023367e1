leftmeta+f12 = next

0 leftmeta down
50 f12 down
250 f12 repeat
300 f12 up
350 leftmeta up

50 fire next
