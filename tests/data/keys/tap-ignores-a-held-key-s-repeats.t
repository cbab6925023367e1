# W held in a game repeats while the hotkey is tapped.
tap(scrolllock) = toggle

0 w down
250 w repeat
280 scrolllock down
283 w repeat
316 w repeat
350 scrolllock up
383 w up

0 key w down
250 key w repeat
283 key w repeat
316 key w repeat
350 fire toggle
383 key w up
