
0 mouse rel_wheel_hi_res 60
10 mouse rel_wheel_hi_res 60
20 mouse rel_wheel 1
30 mouse rel_wheel_hi_res 60
600 mouse rel_wheel_hi_res 60
610 mouse rel_wheel_hi_res -60
620 mouse rel_wheel_hi_res -60

10 button wheelup down
10 button wheelup up
620 button wheeldown down
620 button wheeldown up
