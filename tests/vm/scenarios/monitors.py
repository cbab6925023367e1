# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Monitors that follow the switch, behind real I2C buses of the host's kernel."""

import re
import signal

from rig.monitor import DP1, FOREVER, HDMI1, INPUT, manners
from rig.stage import AT_ONCE, TARGET, check, ms

from .registry import scenario

THERE, BACK = (INPUT, DP1), (INPUT, HDMI1)
# Reads a byte of address 0x50, by ioctl I2C_SMBUS.
TOUCH_SMBUS = (
    "import fcntl, ctypes; bus = open(\"/dev/i2c-0\", \"rb+\", buffering=0); "
    "fcntl.ioctl(bus, 0x0703, 0x50); data = ctypes.create_string_buffer(34); "
    "ask = (ctypes.c_uint64 * 2)(1 | 1 << 32, ctypes.addressof(data)); "
    "fcntl.ioctl(bus, 0x0720, ask)"
)
SET = '{ vcp = 0x60, host = "hdmi-1", guest = "displayport-1" }'


def begin(stage, *names, extra=""):
    """As Stage.begin(), with monitors that the target takes along: [(monitor, bus)]."""
    pairs = [stage.monitors.plug(name) for name in names]
    tables = (
        f'[[target.monitor]]\nname = "{monitor.name}"\ni2c = {bus}\nset = [ {SET} ]\n'
        for monitor, bus in pairs
    )
    stage.monitors.trace()
    stage.begin(stage.config(extra="".join(tables) + extra))
    return pairs


def go(stage, *there):
    """Keyboard and mouse are in the guest, the monitors of `there` too, and the switch is over."""
    mark = stage.daemon.mark()
    stage.go()
    stage.daemon.finished("activated", mark)
    for monitor in there:
        monitor.wait_input(DP1)
    return stage.daemon.steps(mark)


def home(stage, **limits):
    """By the hotkey: (what home() says, what each step of the switch came to)."""
    mark = stage.mark()
    told = stage.home(stage.hand.tap("KEY_RIGHTCTRL"), mark, "hotkey", **limits)
    return told, stage.daemon.steps(mark[1])


def _sent_at(stage, bus, value):
    """When the host's kernel sent the first set to this input, in its own time."""
    sets = [m for m in stage.monitors.written(bus) if m.data[2:6] == bytes([3, INPUT, 0, value])]
    check(sets, f"the kernel sent no set of {value:#x} on bus {bus}")
    return sets[0].at


def _input_by_ddcutil(stage, bus):
    """What another program than ours reads on the bus."""
    out = stage.host.run(f"ddcutil --bus={bus} --brief getvcp 60").out
    match = re.search(r"^VCP 60 SNC x([0-9a-f]+)$", out, re.MULTILINE)
    check(match, f"ddcutil said {out!r}")
    return int(match[1], 16)


def check_steps(steps, expected):
    """{monitor: outcome}"""
    found = {name: steps.get(f"monitor:{name}", ("missing",))[0] for name in expected}
    check(found == expected, f"the steps came to {steps}, not {expected}")


@scenario("ddcutil reads and sets the rig's monitor, with good and with bad manners", begins=False)
def ddcutil(stage):
    monitor, bus = stage.monitors.plug("left")
    check(_input_by_ddcutil(stage, bus) == HDMI1, "ddcutil reads another input")
    stage.host.run(f"ddcutil --bus={bus} setvcp 60 {DP1:#x}")
    check(monitor.sets() == [THERE], f"ddcutil's sets arrived as {monitor.sets()}")
    for wrong in ({"is_doubled": True}, {"busy": 2}):
        with manners(monitor, **wrong):
            check(_input_by_ddcutil(stage, bus) == DP1, f"with {wrong} ddcutil reads another input")
    for wrong in ({"is_deaf": True}, {"refuse": FOREVER}):
        with manners(monitor, **wrong):
            failed = stage.host.run(f"ddcutil --bus={bus} getvcp 60", check=False)
            check(failed.status != 0, f"with {wrong} ddcutil still was answered")


def _check_confined(stage):
    """spicykvm-ddc in the real unit: its filter, its files (this kernel has Landlock), and no word of what failed."""
    status = stage.host.run("cat /proc/$(pgrep -n -x spicykvm-ddc)/status").out
    check("Seccomp:\t2" in status and "NoNewPrivs:\t1" in status, f"the helper is not confined: {status}")
    enabled = stage.host.run("mount -t securityfs none /mnt && cat /mnt/lsm && umount /mnt").out
    check("landlock" in enabled, f"no Landlock to test with, but {enabled!r}")
    said = stage.host.run("journalctl -u spicykvmd -b -o cat").out
    check("Landlock" not in said and "seccomp" not in said, f"the helper could not confine itself: {said}")


@scenario("a monitor follows there and back, each time after the keyboard", begins=False)
def follows(stage):
    [(monitor, bus)] = begin(stage, "left")
    mark = stage.daemon.mark()
    stage.go()
    keyboard = stage.daemon.wait("State", "active", mark)
    monitor.wait_input(DP1)
    stage.daemon.finished("activated", mark)
    there = _sent_at(stage, bus, DP1) - keyboard
    check(there > 0, f"the monitor went to the guest {ms(-there)} before the keyboard")
    mark = stage.mark()
    cause = stage.hand.tap("KEY_RIGHTCTRL")
    took = stage.back_after(cause, mark)
    monitor.wait_input(HDMI1)
    stage.daemon.finished("hotkey", mark[1])
    back = _sent_at(stage, bus, HDMI1) - cause
    check(took < AT_ONCE, f"the keyboard was back only after {ms(took)}")
    check(back > took, f"the monitor was sent home after {ms(back)}, the keyboard after {ms(took)}")
    stage.check_neutral()
    stage.check_host_has()
    check(monitor.sets() == [THERE, BACK], f"the sets were {monitor.sets()}")
    check(stage.monitors.touched() == {bus}, f"the daemon used the buses {stage.monitors.touched()}")
    check(_input_by_ddcutil(stage, bus) == HDMI1, "ddcutil reads another input")
    _check_confined(stage)
    return f"keyboard back after {ms(took)}, monitor sent for after {ms(back)}"


@scenario("SIGKILL of the daemon: its next start brings the monitor home", begins=False)
def killed(stage):
    [(monitor, _)] = begin(stage, "left")
    go(stage, monitor)
    stage.hold_in_guest("KEY_A")
    mark = stage.mark()
    told = stage.home(stage.daemon.kill(signal.SIGKILL), mark, held=["KEY_A"])
    monitor.wait_input(HDMI1)
    stage.daemon.wait_connection(TARGET, timeout=30)
    check(stage.daemon.state == "inactive", "the daemon went back to the guest by itself")
    check(monitor.sets() == [THERE, BACK], f"the sets were {monitor.sets()}")
    stage.hand.key("KEY_A", 0)
    go(stage, monitor)
    return told


@scenario("a monitor that hangs does not hold up the keyboard, there or back", begins=False)
def hangs(stage):
    # Slow monitors are tried for longer. Each try hangs until the driver gives up, after 2 s.
    [(monitor, _)] = begin(stage, "left", extra="sleep_multiplier = 10\n")
    with manners(monitor, hang=FOREVER):
        stage.go()
        monitor.wait(lambda: monitor.unanswered, "asked for anything")
        mark = stage.mark()
        took = stage.back_after(stage.hand.tap("KEY_RIGHTCTRL"), mark)
        tries = len(monitor.transfers())
        check(tries < 4, "the daemon had given the monitor up before the keyboard was called home")
        check(not monitor.sets(), "a monitor that hangs obeyed")
    check(took < AT_ONCE, f"the keyboard was back only after {ms(took)}")
    stage.check_neutral()
    stage.check_host_has()
    stage.daemon.finished("hotkey", mark[1])
    check_steps(go(stage, monitor), {"left": "ok"})
    home(stage)
    monitor.wait_input(HDMI1)
    return f"keyboard back after {ms(took)}; the monitor follows again when it is well"


@scenario("of two monitors one refuses everything: the other one follows", begins=False)
def one_refuses(stage):
    [(left, _), (right, _)] = begin(stage, "left", "right")
    with manners(left, refuse=FOREVER):
        check_steps(go(stage, right), {"left": "failed", "right": "ok"})
        check(not left.sets(), f"the monitor that refuses obeyed {left.sets()}")
        told, steps = home(stage)
    right.wait_input(HDMI1)
    check(steps["monitor:right"][0] == "ok", f"the steps came to {steps}")
    check(right.sets() == [THERE, BACK], f"the sets were {right.sets()}")
    return told


@scenario("a monitor refuses twice: it is asked again, as the report says", begins=False)
def refuses_twice(stage):
    [(monitor, _)] = begin(stage, "left")
    with manners(monitor, refuse=2):
        check_steps(go(stage, monitor), {"left": "retried"})
    check(monitor.sets() == [THERE], f"the sets were {monitor.sets()}")


@scenario("a monitor that is deaf while it shows the guest: the keyboard comes home", begins=False)
def deaf(stage):
    [(monitor, _)] = begin(stage, "left")
    with manners(monitor, is_deaf=True):
        go(stage, monitor)
        told, steps = home(stage)
        check_steps(steps, {"left": "failed"})
    check(monitor.input == DP1, "a deaf monitor obeyed")
    return told


@scenario("a monitor that is not found: no bus is used, above all no SMBus", begins=False)
def not_found(stage):
    missing = 'name = "away"\nmatch = { name = "no such" }\n'
    begin(stage, extra=f"[[target.monitor]]\n{missing}set = [ {SET} ]\n")
    steps = go(stage)
    check(steps["monitor:away"][0] != "ok", f"the steps came to {steps}")
    told, _ = home(stage)
    check(not stage.monitors.touched(), f"the daemon used the buses {stage.monitors.touched()}")
    # What would have been seen: somebody who does touch it.
    stage.host.run(f"exec python3 -c '{TOUCH_SMBUS}'")
    check(stage.monitors.touched() == {0}, "the kernel does not tell of the use of its SMBus")
    return told


@scenario("four monitors on four buses: the keyboard is there, and home, before any of them", begins=False)
def four(stage):
    pairs = begin(stage, "left", "right", "third", "fourth", extra="wake_delay_ms = 0\n")
    mark = stage.daemon.mark()
    stage.go()
    keyboard = stage.daemon.wait("State", "active", mark)
    for monitor, _ in pairs:
        monitor.wait_input(DP1)
    there = sorted(_sent_at(stage, bus, DP1) - keyboard for _, bus in pairs)
    check(there[0] > 0, f"a monitor went to the guest {ms(-there[0])} before the keyboard")
    stage.daemon.finished("activated", mark)
    mark = stage.mark()
    cause = stage.hand.tap("KEY_RIGHTCTRL")
    took = stage.back_after(cause, mark)
    stage.daemon.finished("hotkey", mark[1])
    back = sorted(_sent_at(stage, bus, HDMI1) - cause for _, bus in pairs)
    check(took < AT_ONCE, f"the keyboard was back only after {ms(took)}")
    check(back[0] > took, f"a monitor was sent home after {ms(back[0])}, the keyboard after {ms(took)}")
    for monitor, _ in pairs:
        check(monitor.sets() == [THERE, BACK], f"the sets of {monitor.name} were {monitor.sets()}")
    stage.check_neutral()
    told = ", ".join(map(ms, back))
    return f"keyboard back after {ms(took)}, monitors sent for after {told}"


@scenario("a monitor swallows a set, then takes one back: a repeated set gets through", begins=False)
def repeats(stage):
    [(monitor, _)] = begin(stage, "left", extra="repeat = 2\nrepeat_delay_ms = 50\n")
    with manners(monitor, swallow=1):
        check_steps(go(stage, monitor), {"left": "ok"})
    with manners(monitor, bounce=1):
        told, _ = home(stage)
    monitor.wait_input(HDMI1)
    check(monitor.sets() == [THERE, THERE, BACK, BACK], f"the sets were {monitor.sets()}")
    shown = [value for _, value in monitor.shown()]
    check(shown == [HDMI1, DP1, HDMI1, DP1, HDMI1], f"it showed {shown}")
    return told


@scenario("a monitor is deaf for long after a switch: the next way home takes it along", begins=False)
def deaf_for_long(stage):
    [(monitor, _)] = begin(stage, "left")
    go(stage, monitor)
    with manners(monitor, refuse=FOREVER):
        told, steps = home(stage)
    check_steps(steps, {"left": "failed"})
    check(monitor.input == DP1, "a deaf monitor obeyed")
    go(stage, monitor)
    with manners(monitor, refuse=2):
        _, steps = home(stage)
    check_steps(steps, {"left": "retried"})
    monitor.wait_input(HDMI1)
    return told


@scenario("a monitor is deaf for some seconds on the way home: it comes home by itself", begins=False)
def comes_home_later(stage):
    [(monitor, _)] = begin(stage, "left")
    go(stage, monitor)
    with manners(monitor, refuse=FOREVER):
        told, steps = home(stage)
    check_steps(steps, {"left": "failed"})
    monitor.wait_input(HDMI1)
    return told


def _kills(stage):
    """How often systemd has killed the daemon; scenarios before did make it."""
    return stage.host.run("journalctl -u spicykvmd -b -o cat").out.count("Killing")


@scenario("a monitor hangs: the daemon can be stopped, and once restarted brings it home", begins=False)
def restarted_while_it_hangs(stage):
    [(monitor, _)] = begin(stage, "left")
    killed = _kills(stage)
    go(stage, monitor)
    monitor.hang = 1  # for longer than it is tried
    mark = stage.mark()
    cause = stage.now()
    restart = stage.host.spawn("exec systemctl restart spicykvmd")
    took = stage.back_after(cause, mark)
    monitor.wait(lambda: monitor.unanswered, "asked to go home")
    check(not restart.is_closed, "the daemon was stopped before the monitor was asked")
    stage.check_neutral()
    stage.check_host_has()
    done = restart.wait_done()
    check(done.status == 0, f"the restart failed: {done.err}")
    check(_kills(stage) == killed, "systemd had to kill the daemon")
    monitor.wait_input(HDMI1)
    check(monitor.sets() == [THERE, BACK], f"the sets were {monitor.sets()}")
    # systemctl itself takes its time under emulation before the daemon hears of it.
    check(took < 1, f"the keyboard was back only after {ms(took)}")
    return f"keyboard back after {ms(took)}, restarted after {ms(done.end - done.start)}"


@scenario("the daemon is stopped while a monitor is deaf: its next start brings it home", begins=False)
def stopped_while_deaf(stage):
    [(monitor, _)] = begin(stage, "left")
    go(stage, monitor)
    with manners(monitor, refuse=FOREVER):
        stage.daemon.stop()
        check(monitor.input == DP1, "a deaf monitor obeyed")
    stage.daemon.start()
    monitor.wait_input(HDMI1)
