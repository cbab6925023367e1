
0 esc down
10 enter down
20 resync esc enter backspace

0 key esc down
10 key enter down
20 panic
20 key esc up
20 key enter up
