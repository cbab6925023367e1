tap(btn_extra) = toggle
hold(btn_side) = lend_mouse

0 mouse btn_extra down
100 mouse btn_extra up
500 mouse btn_extra down
520 mouse btn_left down
540 mouse btn_left up
560 mouse btn_extra up
1000 mouse btn_side down
1400 mouse btn_side up

100 fire toggle
520 button extra down
520 button left down
540 button left up
560 button extra up
1250 fire lend_mouse
1400 fire lend_mouse end
