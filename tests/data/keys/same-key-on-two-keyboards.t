# One key for the guest: down with the first, up with the last.

0 kbd leftshift down
10 kbd2 leftshift down
20 kbd leftshift up
30 kbd2 leftshift up

0 key leftshift down
30 key leftshift up
