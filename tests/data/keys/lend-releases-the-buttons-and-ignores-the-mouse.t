
0 mouse btn_left down
10 mouse rel_x 4
20 LEND on
30 mouse rel_x 100
40 mouse btn_left up
50 mouse btn_right down
55 mouse rel_wheel 1
60 a down
70 a up
80 LEND off
90 mouse btn_right up
100 mouse rel_x 2

0 button left down
10 motion 4 0 left
20 button left up
60 key a down
70 key a up
100 motion 2 0
