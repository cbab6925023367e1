# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Who may switch, and by what; on a Debian with logind, polkit and a user who sits there."""

from rig import codes
from rig.daemon import BUS
from rig.debian_host import ROOT_PASSWORD, STRANGER
from rig.stage import check

from . import neutral, ways_home
from .registry import system_scenario

NOT_AUTHORISED = 4  # of spicykvmctl
CALL = f"busctl --system call {BUS}"
# Asks on the terminal, for this one process: first a shell, then spicykvmctl.
ASK = """
ready=$(mktemp -u)
mkfifo "$ready"
pkttyagent --process $$ --notify-fd 3 3>"$ready" &
cat "$ready"
rm "$ready"
exec spicykvmctl reload
"""

system_scenario("the hotkey goes there and back")(ways_home.hotkey)
system_scenario("the guest's LEDs show on the keyboard, and the host's come back")(neutral.leds)


@system_scenario("motion, wheel and buttons arrive in the guest alone, and then at the host alone")
def mouse(stage):
    x, y, wheel = map(codes.code, ("REL_X", "REL_Y", "REL_WHEEL"))
    left = codes.code("BTN_LEFT")
    stage.go()
    host, far = stage.observer.mark(), stage.guest.watcher.mark()
    stage.hand.move(7, -3)
    stage.hand.scroll(-2)
    stage.hand.click()
    stage.wait_motion(stage.guest.watcher, far, {x: 7, y: -3, wheel: -2})
    stage.wait_keys(stage.guest.watcher, far, [(left, 1), (left, 0)])
    stage.observer.fence()
    check(not stage.observer.events(host), "the host saw something of the mouse")
    mark = stage.mark()
    told = stage.home(stage.hand.tap("KEY_RIGHTCTRL"), mark, "hotkey")
    host, far = stage.observer.mark(), stage.guest.watcher.mark()
    stage.hand.move(-2, 5)
    stage.wait_motion(stage.observer, host, {x: -2, y: 5})
    stage.guest.watcher.fence()
    check(not stage.guest.watcher.events(far), "the guest saw something of the mouse")
    return told


@system_scenario("who sits there goes there and back by spicykvmctl and by busctl")
def commands(stage):
    told = []
    for there, back in (("spicykvmctl activate", "spicykvmctl deactivate"), (f"{CALL} Activate", f"{CALL} Deactivate")):
        stage.user.run(there)
        stage.type_to_guest("abc")
        mark = stage.mark()
        done = stage.user.run(back)
        told.append(stage.home(done.start, mark, "request", limit=2))
    return f"{' and '.join(told)}, with the time that starting a program takes"


def _check_refused(stage, state):
    """Nobody but who sits there goes to the VM, by whatever means."""
    refused = stage.as_stranger("spicykvmctl activate")
    check(refused.status == NOT_AUTHORISED, f"spicykvmctl: {refused}")
    refused = stage.as_stranger(f"{CALL} Activate")
    check(refused.status != 0 and "password" in refused.err, f"busctl: {refused}")
    check(stage.daemon.state == state, f"the daemon is {stage.daemon.state}")


@system_scenario("a user from elsewhere is refused, there and back, and may look")
def refused(stage):
    _check_refused(stage, "inactive")
    stage.go()
    denied = stage.as_stranger("spicykvmctl deactivate")
    check(denied.status == NOT_AUTHORISED, f"spicykvmctl: {denied}")
    check(stage.daemon.state == "active", f"the daemon is {stage.daemon.state}")
    seen = stage.as_stranger("spicykvmctl status")
    check(seen.status == 0 and "active" in seen.out, f"spicykvmctl: {seen}")
    mark = stage.mark()
    return stage.home(stage.daemon.call("Deactivate")[0], mark, "request")


@system_scenario("a user whose session is in the background is asked to go there, and may come back")
def inactive_session(stage):
    denied = stage.host.run_in_background(STRANGER, "spicykvmctl activate")
    check(denied.status == NOT_AUTHORISED, f"spicykvmctl: {denied}")
    stage.go()
    mark = stage.mark()
    allowed = stage.host.run_in_background(STRANGER, "spicykvmctl deactivate")
    check(allowed.status == 0, f"spicykvmctl: {allowed}")
    told = stage.home(allowed.start, mark, "request", limit=20)
    return f"{told}, with the time that a login takes"


def _answer(asking, password):
    """The end of who asks on a terminal: what is typed before the prompt, which is no line, is lost."""
    for _ in range(30):
        asking.send(password)
        try:
            return asking.wait_done(timeout=2)
        except TimeoutError:
            pass
    return asking.wait_done(timeout=0)


@system_scenario("who sits there is asked for an administrator's password where policy says so")
def asked(stage):
    refused = stage.user.run("spicykvmctl reload", check=False)
    check(refused.status == NOT_AUTHORISED, f"with nobody to ask: {refused}")
    stage.configure(stage.config(hotkeys='toggle = "tap(f8)"'))
    stage.host.write("/run/rig/ask", ASK)
    asking = stage.user.spawn("exec script -qec 'sh /run/rig/ask' /dev/null")
    asking.wait("AUTHENTICATING FOR org.spicykvm.Manager.configure")
    done = _answer(asking, ROOT_PASSWORD)
    check(done.status == 0, f"the password was not accepted: {done}")
    mark = stage.daemon.mark()
    stage.hand.tap("KEY_F8")
    stage.daemon.wait("State", "active", mark)
    mark = stage.mark()
    return stage.home(stage.hand.tap("KEY_F8"), mark, "hotkey")
