# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Ways home that nobody asked for: what fails outside the daemon."""

import signal
import time

from rig import codes
from rig.stage import AT_ONCE, STALL, TARGET, check, ms

from .registry import scenario

def _keep_moving(stage, mark, timeout=30.0):
    """Until the host has the keyboard. Motion is what a server acknowledges: without it nobody
    can tell that it stalls."""
    deadline = time.monotonic() + timeout
    while not any(text.startswith("MISSED") for _, text in stage.observer.lines.since(mark[0])):
        check(time.monotonic() < deadline, f"the keyboard was not back after {timeout} s")
        stage.hand.move(1, 0)
        time.sleep(0.05)


@scenario("the keyboard is unplugged while keys are down")
def unplugged(stage):
    stage.go()
    stage.hold_in_guest("KEY_A", "KEY_LEFTSHIFT")
    mark = stage.mark("mouse")
    # The kernel itself takes its time to unregister a device.
    told = stage.home(stage.unplug("keyboard"), mark, "no-device", limit=1, device="mouse")
    stage.plug("keyboard")
    stage.check_host_has()
    return told.replace("keyboard", "mouse")


@scenario("one of two keyboards is unplugged while a key is down: the guest stays, the key goes up")
def one_of_two_unplugged(stage):
    stage.plug("keypad", "keyboard")
    stage.go()
    stage.hold_in_guest("KEY_LEFTSHIFT")
    stage.hand.key("KEY_A", 1, "keypad")
    both = {codes.code("KEY_LEFTSHIFT"), codes.code("KEY_A")}
    stage.wait_down(stage.guest.watcher, both)
    stage.unplug("keypad")
    stage.wait_down(stage.guest.watcher, {codes.code("KEY_LEFTSHIFT")})
    stage.hand.key("KEY_LEFTSHIFT", 0)
    stage.wait_down(stage.guest.watcher, set())
    check(stage.daemon.state == "active", f"the daemon is {stage.daemon.state}")
    stage.type_to_guest("still there")


@scenario("the SPICE server is killed while a key is down")
def server_killed(stage):
    stage.go()
    stage.hold_in_guest("KEY_A")
    mark, cause = stage.mark(), stage.now()
    stage.guest.stop()
    told = stage.home(cause, mark, "guest-lost", held=["KEY_A"])
    stage.hand.key("KEY_A", 0)
    stage.replace_guest()
    began = time.monotonic()
    stage.daemon.wait_connection(TARGET, timeout=30)
    again = time.monotonic() - began
    check(stage.daemon.state == "inactive", "the daemon went back to the guest by itself")
    stage.go()
    return f"{told}; connected to its successor after {ms(again)}"


@scenario("the SPICE server hangs (SIGSTOP): the hotkey works all the same")
def server_hangs_hotkey(stage):
    stage.go()
    stage.hold_in_guest("KEY_LEFTSHIFT")
    stage.hand.key("KEY_LEFTSHIFT", 0)
    stage.guest.qemu.freeze()
    # 124 events: the guest's keyboard has room for 64, and QEMU drops what comes at once beyond that.
    stage.hand.type("much of this is lost in a queue")
    mark = stage.mark()
    took = stage.back_after(stage.hand.tap("KEY_RIGHTCTRL"), mark)
    stage.guest.qemu.thaw()
    stage.daemon.finished("hotkey", mark[1])
    stage.check_neutral()
    stage.check_host_has()
    check(took < AT_ONCE, f"the keyboard was back only after {ms(took)}")
    return f"keyboard back after {ms(took)}"


@scenario("the SPICE server hangs (SIGSTOP) while keys are down: everything comes home by itself")
def server_hangs(stage):
    stage.go()
    stage.hold_in_guest("KEY_A", "KEY_LEFTSHIFT")
    mark, cause = stage.mark(), stage.now()
    stage.guest.qemu.freeze()
    _keep_moving(stage, mark)
    took = stage.back_after(cause, mark)
    stage.guest.qemu.thaw()
    stage.daemon.finished("guest-stalled", mark[1])
    stage.check_neutral(held=["KEY_A", "KEY_LEFTSHIFT"])
    stage.check_host_has()
    check(took < STALL + 1, f"the keyboard was back only after {ms(took)}")
    return f"keyboard back after {ms(took)}"


def _black_hole(stage):
    stage.host.run("tc qdisc add dev eth0 root netem loss 100%")


def _end_black_hole(stage):
    stage.host.run("tc qdisc del dev eth0 root", check=False)


@scenario("the network is a black hole: the hotkey works all the same")
def black_hole_hotkey(stage):
    stage.go()
    stage.hold_in_guest("KEY_A")
    _black_hole(stage)
    try:
        stage.hand.key("KEY_A", 0)
        mark = stage.mark()
        took = stage.back_after(stage.hand.tap("KEY_RIGHTCTRL"), mark)
        stage.check_host_has()
    finally:
        _end_black_hole(stage)
    stage.wait_down(stage.guest.watcher, set(), timeout=30)
    stage.daemon.wait_connection(TARGET, timeout=60)
    stage.check_neutral()
    check(took < AT_ONCE, f"the keyboard was back only after {ms(took)}")
    return f"keyboard back after {ms(took)}"


@scenario("the network is a black hole: everything comes home by itself, and recovers")
def black_hole(stage):
    stage.go()
    stage.hold_in_guest("KEY_A")
    mark, cause = stage.mark(), stage.now()
    _black_hole(stage)
    try:
        _keep_moving(stage, mark)
        took = stage.back_after(cause, mark)
        stage.daemon.finished("guest-stalled", mark[1])
        stage.hand.key("KEY_A", 0)
        stage.check_host_has()
    finally:
        ended = time.monotonic()
        _end_black_hole(stage)
    # The release was lost: TCP repeats it, or the daemon connects anew, whichever comes first.
    stage.wait_down(stage.guest.watcher, set(), timeout=30)
    released = time.monotonic() - ended
    stage.daemon.wait_connection(TARGET, timeout=60)
    stage.check_neutral()
    stage.go()
    check(took < STALL + 1, f"the keyboard was back only after {ms(took)}")
    return f"keyboard back after {ms(took)}; key up in the guest {ms(released)} after the network was back"


@scenario("SIGKILL of the daemon: the kernel gives the keyboard back, the server lets go")
def killed(stage):
    stage.go()
    stage.hold_in_guest("KEY_A")
    mark = stage.mark()
    told = stage.home(stage.daemon.kill(signal.SIGKILL), mark, held=["KEY_A"])
    stage.daemon.wait_connection(TARGET, timeout=30)
    check(stage.daemon.state == "inactive", "the daemon went back to the guest by itself")
    return f"{told}; systemd started it again"
