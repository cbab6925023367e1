# Two presses without a release: a hidden release is made up for.
press(f9) = next

0 f9 down
500 f9 down
510 f9 up
600 a down
700 a down
710 a up

0 fire next
500 fire next
600 key a down
700 key a up
700 key a down
710 key a up
