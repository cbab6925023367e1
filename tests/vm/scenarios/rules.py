# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""What the daemon must not do."""

import time

from rig import codes, daemon
from rig.stage import TARGET, check

from .registry import scenario


def _switches(stage):
    """Times that any thread of the daemon was woken, so far."""
    pid = stage.daemon.pid()
    listed = stage.host.run(f"cat /proc/{pid}/task/*/status | grep ^voluntary_ctxt").out
    return sum(int(line.split()[1]) for line in listed.splitlines())


@scenario("inactive, the daemon is not woken by typing or by a mouse at 8000 Hz")
def no_wakeups(stage):
    stage.hand.type("warm up")
    before = _switches(stage)
    began = time.monotonic()
    stage.observer.ask("show 0")
    stage.hand.flood(8000, 16000)
    stage.hand.type("nobody listens to this")
    stage.observer.ask("show 1")
    seconds = time.monotonic() - began
    woken = _switches(stage) - before
    # The watchdog's timer may; nothing else does.
    check(woken <= 4 + 2 * seconds, f"woken {woken} times by 16000 motions and 22 keys")
    return f"woken {woken} times in {seconds:.1f} s, by its watchdog"


@scenario("a reload with the same or a wrong configuration changes nothing while active")
def reload_while_active(stage):
    stage.go()
    stage.hold_in_guest("KEY_LEFTSHIFT")
    stage.daemon.call("Reload")
    stage.configure(stage.config() + "\nnonsense = 1\n")
    try:
        stage.daemon.call("Reload")
        check(False, "a wrong configuration was accepted")
    except RuntimeError as error:
        check("InvalidArgument" in str(error) and "config.toml:" in str(error), str(error))
    check(stage.guest.watcher.down() == {codes.code("KEY_LEFTSHIFT")}, "a key was let go")
    stage.hand.key("KEY_LEFTSHIFT", 0)
    stage.wait_down(stage.guest.watcher, set())
    check(stage.daemon.state == "active", f"the daemon is {stage.daemon.state}")
    stage.type_to_guest("still here")
    mark = stage.mark()
    return stage.home(stage.daemon.call("Deactivate")[0], mark, "request")


@scenario("a wrong password takes nothing from the host, and says so", begins=False)
def wrong_password(stage):
    stage.configure(stage.config(), password="not this one")
    for name in ("keyboard", "mouse"):
        stage.plug(name)
    stage.daemon.start()
    try:
        stage.daemon.call("Activate")
        check(False, "activated with a wrong password")
    except RuntimeError as error:
        check("WrongPassword" in str(error), str(error))
    stage.check_host_has()
    stage.check_neutral()


@scenario("another user may neither take the keyboard nor give it back")
def other_user(stage):
    as_nobody = "setpriv --reuid=nobody --regid=nogroup --clear-groups busctl --system call"
    refused = stage.host.run(f"{as_nobody} {daemon.BUS} Activate", check=False)
    check(refused.status != 0, "nobody could activate")
    check(stage.daemon.state == "inactive", f"the daemon is {stage.daemon.state}")
    stage.go()
    refused = stage.host.run(f"{as_nobody} {daemon.BUS} Deactivate", check=False)
    check(refused.status != 0, "nobody could deactivate")
    check(stage.daemon.state == "active", f"the daemon is {stage.daemon.state}")
    allowed = stage.host.run(f"{as_nobody} {daemon.BUS} Status")
    check('"state" s "active"' in allowed.out, "nobody can't read the status")


@scenario("another SPICE client takes the guest: home at once, and no fight")
def taken_over(stage):
    stage.go()
    stage.hold_in_guest("KEY_A")
    stage.host.run("mkdir -p /tmp/other && cp -r /etc/spicykvm/* /tmp/other/")
    other = "dbus-run-session -- spicykvmd --bus session --config /tmp/other/config.toml"
    mark = stage.mark()
    rival = stage.host.spawn(f"exec {other}")
    try:
        stage.daemon.finished("guest-lost", mark[1])
        stage.check_neutral(held=["KEY_A"])
        stage.check_host_has()
        stage.daemon.wait_connection(TARGET, "taken-over")
        time.sleep(3)  # longer than a first attempt to come back would wait
        check(stage.daemon.connection(TARGET) == "taken-over", "it fights for the guest")
    finally:
        rival.kill(15)
        rival.wait_done()


@scenario("devices that choose themselves: the keyboard with the hotkey, the mouse that moves")
def automatic(stage):
    stage.configure(stage.config(devices='"auto"'))
    stage.daemon.call("Reload")
    stage.go()
    stage.hand.move(1, 0)  # tells which mouse: the host sees it, too
    time.sleep(0.3)
    stage.observer.fence()
    host, far = stage.observer.mark(), stage.guest.watcher.mark()
    stage.hand.move(7, -3)
    stage.wait_motion(
        stage.guest.watcher, far, {codes.code("REL_X"): 7, codes.code("REL_Y"): -3}
    )
    stage.observer.fence()
    check(not stage.observer.motion(host), "the host still sees the mouse")
    mark = stage.mark()
    return stage.home(stage.daemon.call("Deactivate")[0], mark, "request")


@scenario("a held key lends the mouse to the host, the keyboard stays in the guest")
def lend_mouse(stage):
    hotkeys = 'toggle = "tap(rightctrl)"\nlend_mouse = "hold(rightalt)"'
    stage.configure(stage.config(hotkeys=hotkeys))
    stage.daemon.call("Reload")
    stage.go()
    x = codes.code("REL_X")
    stage.hand.key("KEY_RIGHTALT", 1)
    time.sleep(1)
    stage.observer.fence()
    host, far = stage.observer.mark(), stage.guest.watcher.mark()
    stage.hand.move(5, 0)
    stage.wait_motion(stage.observer, host, {x: 5})
    stage.type_to_guest("meanwhile")
    check(not stage.guest.watcher.motion(far), "the guest still sees the mouse")
    stage.hand.key("KEY_RIGHTALT", 0)
    time.sleep(0.3)
    host, far = stage.observer.mark(), stage.guest.watcher.mark()
    stage.hand.move(6, 0)
    stage.wait_motion(stage.guest.watcher, far, {x: 6})
    check(not stage.observer.motion(host), "the host still sees the mouse")
    mark = stage.mark()
    return stage.home(stage.daemon.call("Deactivate")[0], mark, "request")


@scenario("a guest behind a unix socket")
def unix_socket(stage):
    proxy = "/lib/systemd/systemd-socket-proxyd 10.0.2.2:{}".format(stage.guest.address[1])
    stage.host.run(
        "rm -f /run/guest.sock; systemd-run -q --unit=proxy --socket-property=ListenStream="
        f"/run/guest.sock --socket-property=SocketMode=0666 {proxy}"
    )
    try:
        config = stage.config()
        uri = "spice://10.0.2.2:{}".format(stage.guest.address[1])
        config = config.replace(uri, "spice+unix:///run/guest.sock").replace("insecure = true", "")
        stage.configure(config)
        stage.daemon.call("Reload")
        stage.daemon.wait_connection(TARGET)
        stage.go()
        mark = stage.mark()
        return stage.home(stage.daemon.call("Deactivate")[0], mark, "request")
    finally:
        stage.host.run("systemctl stop proxy.socket proxy.service", check=False)
