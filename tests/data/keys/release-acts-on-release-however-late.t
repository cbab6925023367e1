release(f24) = target 1

0 f24 down
100 a down
120 a up
250 f24 repeat
2000 f24 up

100 key a down
120 key a up
2000 fire target 1
