# Keys are never acknowledged: zero motions tell whether the server still reads.

0 a down
10 a up
1000 PROBE
1001 PROBE
1002 ACK 4
2000 PROBE

0 key a down
10 key a up
1000 motion 0 0
1000 motion 0 0
1000 motion 0 0
1000 motion 0 0
