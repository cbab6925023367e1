
0 kbd esc down
20 kbd2 enter down
500 kbd backspace down

0 key esc down
20 key enter down
500 panic
500 key esc up
500 key enter up
