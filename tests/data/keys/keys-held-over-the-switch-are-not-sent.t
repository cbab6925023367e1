inactive

0 w down
100 ENTER 0
150 w repeat
200 w up
300 w down
350 w up

100 motion 0 0
300 key w down
350 key w up
