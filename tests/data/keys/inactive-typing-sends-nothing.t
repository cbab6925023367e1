tap(rightctrl) = toggle
inactive

0 a down
50 a up
60 mouse btn_left down
70 mouse rel_x 5
80 mouse rel_wheel 1
90 mouse btn_left up

