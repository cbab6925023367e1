press(pause) = home
react

0 a down
100 pause down
200 pause up
300 ENTER 0
310 pause repeat
320 pause up
400 a up

0 key a down
100 fire home
100 key a up
300 motion 0 0
