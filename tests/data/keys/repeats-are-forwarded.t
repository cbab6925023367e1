# QEMU's PS/2 keyboard repeats nothing by itself.

0 backspace down
250 backspace repeat
283 backspace repeat
300 backspace up
310 backspace repeat

0 key backspace down
250 key backspace repeat
283 key backspace repeat
300 key backspace up
