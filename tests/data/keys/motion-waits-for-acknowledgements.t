# Seven unacknowledged motions; the eighth is for what must not be overtaken.

0 mouse rel_x 1
1 mouse rel_x 2
2 mouse rel_x 3
3 mouse rel_x 4
4 mouse rel_x 5
5 mouse rel_x 6
6 mouse rel_x 7
7 mouse rel_x 8
8 mouse rel_y 9
9 a down
10 mouse rel_x 10
11 b down
12 mouse btn_left down
13 mouse rel_x 20
14 ACK 4
15 ACK 4
16 mouse rel_x 1

0 motion 1 0
1 motion 2 0
2 motion 3 0
3 motion 4 0
4 motion 5 0
5 motion 6 0
6 motion 7 0
9 motion 8 9
9 key a down
11 key b down
12 motion 10 0
12 button left down
14 motion 20 0 left
16 motion 1 0 left
