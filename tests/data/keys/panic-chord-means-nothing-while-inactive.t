inactive

0 backspace down
20 esc down
40 enter down
60 enter up

