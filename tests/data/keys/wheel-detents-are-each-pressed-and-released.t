
0 mouse rel_wheel -3

0 button wheeldown down
0 button wheeldown up
0 button wheeldown down
0 button wheeldown up
0 button wheeldown down
0 button wheeldown up
