press(f9) = toggle
release(f10) = last
inactive

0 f9 down
50 f9 up
100 f10 down
150 f10 up

0 fire toggle
150 fire last
