# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""No key is ever left down, on either side, and nothing is lost or made up on the way."""

import re
import signal
import time

from rig import codes
from rig.stage import TARGET, check

from .registry import scenario

CAPS, NUM = codes.code("LED_CAPSL"), codes.code("LED_NUML")


@scenario("keys held over the switch are released for the host, and not pressed in the guest")
def held_over_the_switch(stage):
    held = ["KEY_A", "KEY_LEFTCTRL"]
    for key in held:
        stage.hand.key(key, 1)
    stage.hand.key("BTN_LEFT", 1, "mouse")
    stage.observer.fence()
    host, far = stage.observer.mark(), stage.guest.watcher.mark()
    stage.daemon.activate()
    stage.hand.move(1, 0)
    stage.wait_motion(stage.guest.watcher, far, {codes.code("REL_X"): 1})
    released = {code for code, value in stage.observer.keys(host) if value == 0}
    check(set(map(codes.code, held)) <= released, f"the host only saw releases of {released}")
    check(not stage.observer.down() & set(map(codes.code, held)), "the host still has keys down")
    for key in held:
        stage.hand.key(key, 0)
    stage.hand.key("BTN_LEFT", 0, "mouse")
    stage.type_to_guest("then")
    pressed = [k for k in stage.guest.watcher.keys(far) if k[0] in map(codes.code, held) and k[1]]
    check(not pressed, f"the guest saw presses from before the switch: {pressed}")
    mark = stage.mark()
    return stage.home(stage.daemon.call("Deactivate")[0], mark, "request")


@scenario("events that the kernel dropped (SYN_DROPPED) leave no key down")
def dropped(stage):
    stage.go()
    stage.hold_in_guest("KEY_A")
    # The daemon stands still for less than its lease while its queue overflows.
    stage.daemon.kill(signal.SIGSTOP)
    for _ in range(20):
        stage.hand.repeat("KEY_B", 30)  # of a key that is not down: nothing to forward
    stage.hand.key("KEY_A", 0)
    stage.hand.key("KEY_C", 1)
    stage.daemon.kill(signal.SIGCONT)
    stage.wait_down(stage.guest.watcher, {codes.code("KEY_C")})
    stage.hand.key("KEY_C", 0)
    stage.wait_down(stage.guest.watcher, set())
    drops = stage.daemon.counters()["events_dropped"]
    check(drops > 0, "the kernel dropped nothing: the scenario proves nothing")
    stage.type_to_guest("fine")
    mark = stage.mark()
    return stage.home(stage.daemon.call("Deactivate")[0], mark, "request")


@scenario("the guest's LEDs show on the keyboard, and the host's come back")
def leds(stage):
    stage.observer.ask(f"led {NUM} 1")
    node = stage.observer.wait_node("Virtual keyboard")
    _wait_lit(stage, node, {NUM})
    stage.go()
    _wait_lit(stage, node, set())
    stage.guest.watcher.ask(f"led {CAPS} 1")
    _wait_lit(stage, node, {CAPS})
    mark = stage.mark()
    told = stage.home(stage.daemon.call("Deactivate")[0], mark, "request")
    _wait_lit(stage, node, {NUM})
    stage.guest.watcher.ask(f"led {CAPS} 0")
    return told


def _wait_lit(stage, node, expected):
    stage.wait_until(lambda: stage.observer.lit(node), expected, stage.observer, 10, "has lit")


@scenario("every key of a keyboard arrives as itself")
def all_keys(stage):
    stage.daemon.activate()
    far = stage.guest.watcher
    # Up to KEY_F12 and the grey ones: what PS/2 scancode set 1 and QEMU's virtio keyboard have.
    numbers = [n for n in range(1, 128) if re.match("KEY_", codes.name(n))]
    skipped = {codes.code(name) for name in _WITHOUT_SCANCODE}
    expected = [(n, value) for n in numbers if n not in skipped for value in (1, 0)]
    mark = far.mark()
    stage.hand.tap(*[n for n in numbers if n not in skipped], gap=0.002)
    stage.wait_keys(far, mark, expected)
    return f"{len(expected) // 2} keys"


# Right Ctrl is the hotkey; the others have no scancode, or QEMU 7.2 knows none for them.
_WITHOUT_SCANCODE = [
    *["KEY_RIGHTCTRL", "KEY_ZENKAKUHANKAKU", "KEY_LINEFEED", "KEY_MACRO", "KEY_KPPLUSMINUS"],
    *["KEY_SCALE", "KEY_KPJPCOMMA", "KEY_POWER", "KEY_KATAKANA"],
]


@scenario("motion arrives whole, and keys in the midst of it")
def motion(stage):
    stage.go()
    for _ in range(5):
        drops, far = stage.guest.drops(), stage.guest.watcher.mark()
        stage.hand.flood(250, 500)
        stage.hand.tap("KEY_A")
        stage.hand.flood(250, 500)
        # QEMU's virtio mouse drops what does not fit into its queue of 64 while the emulated guest
        # stands still, and says so: that proves nothing about the daemon.
        time.sleep(0.5)
        if stage.guest.drops() == drops:
            break
    stage.wait_motion(stage.guest.watcher, far, {codes.code("REL_X"): 1000})
    key = codes.code("KEY_A")
    stage.wait_keys(stage.guest.watcher, far, [(key, 1), (key, 0)])
    mark = stage.mark()
    return stage.home(stage.daemon.call("Deactivate")[0], mark, "request")


@scenario("a guest with nothing but a PS/2 keyboard and mouse", begins=False)
def ps2(stage):
    stage.replace_guest(ps2=True)
    try:
        stage.begin(stage.config(extra="max_delta = 127"))
        stage.go()
        far = stage.guest.watcher.mark()
        stage.hand.move(700, -300)
        stage.wait_motion(
            stage.guest.watcher, far, {codes.code("REL_X"): 700, codes.code("REL_Y"): -300}
        )
        stage.hold_in_guest("KEY_LEFTSHIFT", "KEY_F5", "KEY_LEFT", "KEY_RIGHTALT")
        held = ["KEY_LEFTSHIFT", "KEY_F5", "KEY_LEFT", "KEY_RIGHTALT"]
        mark = stage.mark()
        return stage.home(stage.daemon.call("Deactivate")[0], mark, "request", held=held)
    finally:
        stage.replace_guest()


@scenario("a connection lost and made again leaves no key down in the guest")
def reconnected(stage):
    stage.go()
    stage.hold_in_guest("KEY_A", "KEY_LEFTALT")
    mark, cause = stage.mark(), stage.now()
    # Closes the daemon's sockets under it, as a firewall or an idle router does.
    stage.host.run("ss -K dst 10.0.2.2 || true")
    told = stage.home(cause, mark, "guest-lost", limit=3, held=["KEY_A", "KEY_LEFTALT"])
    stage.daemon.wait_connection(TARGET, timeout=30)
    return told
