# Straight from one guest to the next: nothing stays down in the one that is left.

0 a down
10 mouse btn_left down
20 ENTER 1
30 a up
40 mouse btn_left up

0 key a down
10 button left down
20 button left up
20 key a up
20 motion 0 0
