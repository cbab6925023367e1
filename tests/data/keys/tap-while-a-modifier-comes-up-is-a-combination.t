# Shift+F12 must not become F12: a modifier's release decides, in order.
tap(f12) = toggle

0 leftshift down
50 f12 down
80 leftshift up
110 f12 up

0 key leftshift down
80 key f12 down
80 key leftshift up
110 key f12 up
