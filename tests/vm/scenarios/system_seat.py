# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""A real logind: the terminal is switched, the session is locked, the host sleeps."""

import contextlib
import re

from rig.monitor import DP1, HDMI1
from rig.stage import check

from . import monitors
from .registry import system_scenario

NOT_AUTHORISED, FAILED = 4, 1  # of spicykvmctl
LOCKED_HINT = (
    "busctl --system call org.freedesktop.login1 /org/freedesktop/login1/session/auto "
    "org.freedesktop.login1.Session SetLockedHint b"
)


def _check_inactive(stage):
    check(stage.daemon.state == "inactive", f"the daemon is {stage.daemon.state}")


def _there_and_back(stage):
    """Nothing is in the way any more."""
    mark = stage.daemon.mark()
    stage.hand.tap("KEY_RIGHTCTRL")
    stage.daemon.wait("State", "active", mark)
    stage.type_to_guest("again")
    mark = stage.mark()
    stage.home(stage.hand.tap("KEY_RIGHTCTRL"), mark, "hotkey")


@contextlib.contextmanager
def _terminal_shown_again(stage):
    try:
        yield
    finally:
        stage.host.run("chvt 1")


@system_scenario("another virtual terminal finds the keyboard at home, and so does the way back")
def terminal(stage):
    stage.go()
    stage.hold_in_guest("KEY_A")
    with _terminal_shown_again(stage):
        mark = stage.mark()
        switched = stage.host.run("chvt 2")
        told = stage.home(switched.start, mark, "session", limit=3, held=("KEY_A",))
        stage.hand.key("KEY_A", 0)
        denied = stage.user.run("spicykvmctl activate", check=False)
        check(denied.status == NOT_AUTHORISED, f"a session that is not shown: {denied}")
    _check_inactive(stage)
    stage.user.run("spicykvmctl activate")
    mark = stage.mark()
    stage.home(stage.user.run("spicykvmctl deactivate").start, mark, "request", limit=3)
    return f"{told}, with the time that chvt takes"


@system_scenario("a locked session comes home, and no hotkey and no call goes to the guest")
def locked(stage):
    stage.go()
    mark = stage.mark()
    asked = stage.user.run(f"{LOCKED_HINT} true")
    try:
        told = stage.home(asked.start, mark, "locked", limit=3)
        refused = stage.user.run("spicykvmctl activate", check=False)
        check(refused.status == FAILED and "the host is locked" in refused.err, f"{refused}")
        stage.hand.tap("KEY_RIGHTCTRL")
        shown = stage.host.run("spicykvmctl status").out
        check(re.search(r"^Blocked +the host is locked", shown, re.M), f"status says {shown}")
        stage.check_host_has()
        _check_inactive(stage)
    finally:
        stage.user.run(f"{LOCKED_HINT} false")
    shown = stage.host.run("spicykvmctl status").out
    check("Blocked" not in shown, f"status says {shown}")
    _check_inactive(stage)
    _there_and_back(stage)
    return f"{told}, with the time that the call takes"


@system_scenario("loginctl lock-session comes home")
def lock_request(stage):
    stage.go()
    mark = stage.mark()
    asked = stage.host.run("loginctl lock-session $(loginctl show-seat -P ActiveSession seat0)")
    told = stage.home(asked.start, mark, "locked", limit=3)
    _there_and_back(stage)
    return told


@system_scenario("a suspend waits until keyboard and monitor are home; nothing goes back after it", begins=False)
def suspend(stage):
    stage.install()
    [(screen, _)] = monitors.begin(stage, "left")
    monitors.go(stage, screen)
    _check_inhibitors(stage, 1)
    _shorten_sleep(stage)
    mark, told = stage.daemon.mark(), stage.daemon.bus.mark()
    stage.host.run("systemctl suspend")
    home = stage.daemon.finished("suspend", mark)
    asleep = _wait_kernel(stage, "PM: suspend entry")
    awake = _wait_kernel(stage, "PM: suspend exit")
    check(home < asleep < awake, f"home at {home}, suspended from {asleep} to {awake}")
    check([value for _, value in screen.sets()] == [DP1, HDMI1], f"the sets were {screen.sets()}")
    states = [state for _, state in stage.daemon.states(told)]
    check(states[-1] == "inactive" and "active" not in states, f"it was {states}")
    stage.daemon.wait_connection("guest")
    _check_inhibitors(stage, 1)
    _there_and_back(stage)
    return f"home {(asleep - home) * 1e3:.0f} ms before the kernel began"


def _check_inhibitors(stage, count):
    held = stage.host.run("systemd-inhibit --list --no-legend --no-pager").out
    found = re.findall(r"^spicykvm .* delay *$", held, re.M)
    check(len(found) == count, f"{count} of these are spicykvm's: {held}")


def _shorten_sleep(stage):
    """The kernel only tests to freeze its tasks and devices, and is back after five seconds."""
    stage.host.write("/run/systemd/sleep.conf.d/rig.conf", "[Sleep]\nSuspendState=freeze\n")
    stage.host.run("echo devices >/sys/power/pm_test")


def _wait_kernel(stage, text):
    """When the kernel first said so, in CLOCK_MONOTONIC."""
    ask = f"journalctl -k -b -o short-monotonic | grep -m1 '{text}'"
    found = stage.host.run(f"until {ask}; do sleep 0.2; done", timeout=60)
    return float(re.search(r"\[ *([0-9.]+)\]", found.out)[1])
