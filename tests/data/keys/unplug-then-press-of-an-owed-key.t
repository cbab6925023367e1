# The key is pressed again elsewhere before its paced release came: released first, then pressed. Ten messages
# of keys want an acknowledgement.

0 kbd a down
1 kbd s down
2 kbd d down
3 kbd f down
100 kbd gone
102 kbd2 f down
150 kbd2 f up

0 key a down
1 key s down
2 key d down
3 key f down
100 key a up
100 key s up
100 key d up
102 key f up
102 key f down
150 key f up
150 motion 0 0
150 motion 0 0
150 motion 0 0
150 motion 0 0
