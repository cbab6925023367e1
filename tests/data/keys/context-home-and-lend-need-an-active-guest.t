tap(pause) = home
hold(pause) = lend_mouse
inactive

0 pause down
100 pause up
500 pause down
900 pause up
1000 ENTER 0
1100 pause down
1200 pause up
1300 pause down
1800 pause up

1000 motion 0 0
1200 fire home
1550 fire lend_mouse
1800 fire lend_mouse end
