
0 a down
10 DROP
20 a up
30 b down

0 key a down
