# First of all: a hotkey on one of its keys changes nothing.
tap(esc) = lend_mouse
press(enter) = next

0 backspace down
20 esc down
40 enter down
60 enter up
80 esc up
90 backspace up

0 key backspace down
40 panic
40 key backspace up
