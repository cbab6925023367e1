
0 mouse rel_x 1
1 mouse rel_x 1
2 mouse rel_x 1
3 mouse rel_x 1
4 mouse rel_x 1
5 mouse rel_x 1
6 mouse rel_x 1
7 mouse rel_x 50
8 mouse rel_wheel 1

0 motion 1 0
1 motion 1 0
2 motion 1 0
3 motion 1 0
4 motion 1 0
5 motion 1 0
6 motion 1 0
8 motion 50 0
8 button wheelup down
8 button wheelup up
