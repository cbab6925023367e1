
0 kbd a down
10 kbd2 b down
20 kbd leftshift down
30 kbd2 leftshift down
100 kbd gone
200 kbd2 leftshift up
210 kbd2 b up

0 key a down
10 key b down
20 key leftshift down
100 key a up
200 key leftshift up
210 key b up
