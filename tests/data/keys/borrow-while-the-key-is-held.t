# The key is down when the guest gets the keyboard; its release ends the loan and reaches nobody.
hold(f13) = borrow
inactive
react

0 f13 down
300 a down
340 a up
400 f13 repeat
500 b down
600 f13 up
700 b up

0 watch kbd on
250 watch kbd off
250 fire borrow
250 motion 0 0
300 key a down
340 key a up
500 key b down
600 fire borrow end
600 key b up
