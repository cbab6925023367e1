# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Monitors that are named by the connector of a graphics card, as people name them."""

from rig.monitor import DP1, FOREVER, HDMI1, Monitor, manners
from rig.stage import AT_ONCE, check, ms

from .monitors import BACK, SET, THERE, check_steps, go, home
from .registry import scenario


def _begin(stage, extra="", **matches):
    """As Stage.begin(), with a monitor for each match: left='connector = "HDMI-A-1"'."""
    tables = (
        f'[[target.monitor]]\nname = "{name}"\nmatch = {{ {match} }}\nset = [ {SET} ]\n{extra}'
        for name, match in matches.items()
    )
    stage.begin(stage.config(extra="".join(tables)))


def _check_sets(**expected):
    """{name: (monitor, sets)}"""
    for name, (monitor, sets) in expected.items():
        check(monitor.sets() == sets, f"the sets of {name} were {monitor.sets()}, not {sets}")


@scenario("monitors named by their connectors, HDMI and DisplayPort, follow", begins=False)
def by_connector(stage):
    (left, left_bus), (right, right_bus) = map(stage.monitors.plug, ("left", "right"))
    card = stage.plug_card(hdmi=[left_bus], dp=[right_bus])
    stage.monitors.trace()
    _begin(
        stage,
        left=f'connector = "{card.name}-HDMI-A-1"',
        right='connector = "DP-1", manufacturer = "RIG", name = "right"',
    )
    told = stage.host.run("spicykvmctl displays").out
    for connector in ("HDMI-A-1", "DP-1"):
        check(f"{card.name}-{connector}" in told, f"spicykvmctl displays told {told!r}")
    check_steps(go(stage, left, right), {"left": "ok", "right": "ok"})
    took, steps = home(stage)
    check_steps(steps, {"left": "ok", "right": "ok"})
    _check_sets(left=(left, [THERE, BACK]), right=(right, [THERE, BACK]))
    used, expected = stage.monitors.touched(), {left_bus, right_bus, card.aux("DP-1")}
    check(used == expected, f"the buses {used} were used, not {expected}")
    return took


@scenario("a card alone means the one monitor on it, and nothing with a second one", begins=False)
def by_card(stage):
    (left, left_bus), (right, right_bus) = map(stage.monitors.plug, ("left", "right"))
    card = stage.plug_card(hdmi=[left_bus, right_bus])
    right.cable_is_pulled = True
    card.detect()
    check(card.edid_size("HDMI-A-1") and not card.edid_size("HDMI-A-2"), "the kernel sees others")
    _begin(stage, left=f'connector = "{card.name}"')
    check_steps(go(stage, left), {"left": "ok"})
    home(stage)
    _check_sets(left=(left, [THERE, BACK]), right=(right, []))
    right.cable_is_pulled = False
    card.detect()
    check_steps(go(stage), {"left": "failed"})
    home(stage)
    _check_sets(left=(left, [THERE, BACK]), right=(right, []))


@scenario("the bus has another number at the next switch, and its old one is another monitor's", begins=False)
def bus_moves(stage):
    left, old = stage.monitors.plug("left")
    card = stage.plug_card(hdmi=[old])
    _begin(stage, left='connector = "HDMI-A-1"')
    check_steps(go(stage, left), {"left": "ok"})
    home(stage)
    card.remove()
    stage.monitors.unplug("left")
    other, others = stage.monitors.plug("other")
    again, new = stage.monitors.plug("left")
    check(others == old != new, f"the buses are {others} and {new}, before {old}")
    stage.plug_card(hdmi=[new, others])
    check_steps(go(stage, again), {"left": "ok"})
    home(stage)
    _check_sets(left=(again, [THERE, BACK]), other=(other, []))
    return f"i2c-{old}, then i2c-{new}"


@scenario("another monitor is at the connector than the kernel knows of: it is sent nothing", begins=False)
def exchanged(stage):
    left, bus = stage.monitors.plug("left")
    stage.plug_card(hdmi=[bus])
    _begin(stage, left='connector = "HDMI-A-1"')
    other = stage.monitors.replace("left", Monitor("other", product=0x41))
    steps = go(stage)
    check_steps(steps, {"left": "failed"})
    check("another monitor" in steps["monitor:left"][1], f"the reason was {steps['monitor:left']}")
    told, _ = home(stage)
    _check_sets(left=(left, []), other=(other, []))
    return told


@scenario("the connector is gone in the middle of a switch: keyboard home, and all well later", begins=False)
def connector_goes(stage):
    monitor, bus = stage.monitors.plug("left")
    card = stage.plug_card(dp=[bus])
    # Slow monitors are tried for longer: again, when the driver has given the first try up.
    _begin(stage, extra="sleep_multiplier = 10\n", left='connector = "DP-1"')
    check_steps(go(stage, monitor), {"left": "ok"})
    monitor.hang = 1
    mark = stage.mark()
    took = stage.back_after(stage.hand.tap("KEY_RIGHTCTRL"), mark)
    monitor.wait(lambda: monitor.unanswered, "asked to go home")
    unbinding = card.start_unbinding()
    check(took < AT_ONCE, f"the keyboard was back only after {ms(took)}")
    stage.check_host_has()
    stage.daemon.finished("hotkey", mark[1])
    steps = stage.daemon.steps(mark[1])
    check_steps(steps, {"left": "failed"})
    check("no such bus" in steps["monitor:left"][1], f"the reason was {steps['monitor:left']}")
    check(unbinding.wait_done().status == 0, "the card could not go")
    check(monitor.input == DP1, "a set arrived although its bus was gone")
    card.remove()
    stage.plug_card(dp=[bus])
    check_steps(go(stage), {"left": "ok"})
    home(stage)
    monitor.wait_input(HDMI1)
    return f"keyboard back after {ms(took)}"


@scenario("null messages of a monitor that is busy: ddc get asks again, a switch does not mind", begins=False)
def busy(stage):
    monitor, bus = stage.monitors.plug("left")
    stage.plug_card(hdmi=[bus])
    _begin(stage, left='connector = "HDMI-A-1"')
    with manners(monitor, busy=2):
        told = stage.host.run("spicykvmctl ddc get HDMI-A-1").out
        check(told.startswith("0x11"), f"spicykvmctl read {told!r}")
    with manners(monitor, busy=FOREVER):
        failed = stage.host.run("spicykvmctl ddc get HDMI-A-1", check=False)
        check(failed.status != 0, f"spicykvmctl read {failed.out!r} of null messages")
        check_steps(go(stage, monitor), {"left": "ok"})
        told, _ = home(stage)
        monitor.wait_input(HDMI1)
    return told
