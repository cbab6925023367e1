horizontal_wheel

0 mouse rel_hwheel 1
10 leftshift down
20 mouse rel_hwheel -1
30 leftshift up

0 key leftshift down
0 button wheeldown down
0 button wheeldown up
0 key leftshift up
10 key leftshift down
20 button wheelup down
20 button wheelup up
30 key leftshift up
