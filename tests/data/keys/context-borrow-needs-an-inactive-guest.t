# While active it is an ordinary key.
hold(f13) = borrow

0 f13 down
300 f13 up

0 key f13 down
300 key f13 up
