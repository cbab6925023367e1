max_delta 127

0 mouse rel_x 300
1 mouse rel_y -130

0 motion 127 0
0 motion 127 0
0 motion 46 0
1 motion 0 -127
1 motion 0 -3
