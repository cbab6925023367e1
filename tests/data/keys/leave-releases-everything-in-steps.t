# Three keys at once, then a pause: the guest's PS/2 queue drops whole sequences when it is full. So many keys
# want an acknowledgement first.

0 a down
1 b down
2 c down
3 d down
4 e down
5 f down
6 g down
7 mouse btn_left down
8 mouse btn_right down
100 LEAVE
200 WAIT

0 key a down
1 key b down
2 key c down
3 key d down
4 key e down
5 key f down
6 key g down
7 button left down
8 button right down
100 motion 0 0 left right
100 motion 0 0 left right
100 motion 0 0 left right
100 motion 0 0 left right
100 button left up
100 button right up
100 key e up
100 key a up
100 key d up
105 key f up
105 key g up
105 key c up
110 key b up
