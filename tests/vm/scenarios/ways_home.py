# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Ways home that somebody asks for."""

import signal

from rig import codes
from rig.stage import check

from .registry import scenario


@scenario("the hotkey goes there and back")
def hotkey(stage):
    mark = stage.daemon.mark()
    stage.hand.tap("KEY_RIGHTCTRL")
    stage.daemon.wait("State", "active", mark)
    stage.type_to_guest("Hello, guest!")
    far, mark = stage.guest.watcher.mark(), stage.mark()
    told = stage.home(stage.hand.tap("KEY_RIGHTCTRL"), mark, "hotkey")
    check(not stage.guest.watcher.keys(far), "the guest saw something of the hotkey")
    return told


@scenario("a D-Bus call brings everything home")
def bus_call(stage):
    stage.go()
    stage.hold_in_guest("KEY_A", "KEY_LEFTSHIFT")
    mark = stage.mark()
    sent, answered = stage.daemon.call("Deactivate")
    told = stage.home(sent, mark, "request", held=["KEY_A", "KEY_LEFTSHIFT"])
    return f"{told}, answered after {(answered - sent) * 1e3:.1f} ms"


@scenario("spicykvmctl goes there and back")
def command(stage):
    stage.host.run("spicykvmctl activate")
    stage.type_to_guest("abc")
    mark = stage.mark()
    done = stage.host.run("spicykvmctl deactivate")
    told = stage.home(done.start, mark, "request", limit=2)
    return f"{told}, with the time that starting a program takes"


@scenario("Backspace+Escape+Enter always brings everything home")
def panic_chord(stage):
    stage.go()
    chord = ["KEY_BACKSPACE", "KEY_ESC", "KEY_ENTER"]
    mark = stage.mark()
    for key in chord:
        cause = stage.hand.key(key, 1)
    told = stage.home(cause, mark, "panic-chord", held=chord)
    host = stage.observer.mark()
    stage.hand.keys([(key, 0) for key in chord])
    stage.observer.fence()
    check(not stage.observer.down(), "a key of the chord stayed down")
    pressed = [event for event in stage.observer.keys(host) if event[1]]
    check(not pressed, f"the host saw presses of the chord: {pressed}")
    return told


@scenario("the hotkey brings everything home with keys and a button down")
def hotkey_with_keys_down(stage):
    stage.go()
    stage.hold_in_guest("KEY_W", "KEY_LEFTSHIFT")
    stage.hand.key("BTN_LEFT", 1, "mouse")
    held = ["KEY_W", "KEY_LEFTSHIFT", "BTN_LEFT"]
    stage.wait_down(stage.guest.watcher, set(map(codes.code, held)))
    # With other keys down a tap is no tap; the hotkey must not be fired by a chord with it.
    mark = stage.mark()
    sent, _ = stage.daemon.call("Toggle")
    return stage.home(sent, mark, "request", held=held)


@scenario("SIGTERM brings everything home and ends the daemon well")
def terminated(stage):
    stage.go()
    stage.hold_in_guest("KEY_A")
    mark = stage.mark()
    told = stage.home(stage.daemon.kill(signal.SIGTERM), mark, "shutdown", held=["KEY_A"])
    stage.host.run("until ! systemctl is-active -q spicykvmd; do sleep 0.05; done", timeout=15)
    result = stage.host.run("systemctl show -P Result spicykvmd").out
    check(result == "success", f"systemd's result is {result!r}")
    return told


@scenario("systemctl stop brings everything home")
def stopped(stage):
    stage.go()
    stage.hold_in_guest("KEY_A")
    mark = stage.mark()
    done = stage.host.run("systemctl stop spicykvmd", timeout=30)
    return stage.home(done.start, mark, "shutdown", limit=2, held=["KEY_A"])


@scenario("a configuration that drops the target brings everything home")
def reload_without_target(stage):
    stage.go()
    stage.hold_in_guest("KEY_A")
    config = stage.config().replace('name = "guest"', 'name = "another"')
    stage.configure(config.replace('name = "another"', 'name = "another"\nconnect = "on-activate"'))
    mark = stage.mark()
    sent, _ = stage.daemon.call("Reload")
    return stage.home(sent, mark, "reload", limit=1, held=["KEY_A"])
