# --on KEY --off KEY: there when the key comes up, back when it goes down.
release(scrolllock) = target 0
press(scrolllock) = home
inactive
react

0 scrolllock down
100 scrolllock up
200 a down
230 a up
1000 scrolllock down
1100 scrolllock up
2000 scrolllock down
2100 scrolllock up

100 fire target 0
100 motion 0 0
200 key a down
230 key a up
1000 fire home
2100 fire target 0
2100 motion 0 0
