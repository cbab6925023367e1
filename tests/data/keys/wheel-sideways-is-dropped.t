
0 mouse rel_hwheel 1
10 a down

10 key a down
