
0 a down
1 s down
2 d down
3 f down
100 LEAVE
101 ENTER 0

0 key a down
1 key s down
2 key d down
3 key f down
100 key a up
100 key s up
100 key d up
101 key f up
101 motion 0 0
