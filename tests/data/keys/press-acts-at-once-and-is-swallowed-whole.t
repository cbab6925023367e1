press(pause) = home

0 pause down
250 pause repeat
283 pause repeat
300 pause up
400 a down

0 fire home
400 key a down
