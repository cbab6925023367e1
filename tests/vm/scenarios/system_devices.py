# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Devices of a Debian as its udev and its users' PipeWire have them: USB, monitors, sound."""

import time

from rig import codes
from rig.monitor import DP1, HDMI1
from rig.stage import check
from rig.usb_input import UsbInput

from . import audio, monitors
from .registry import system_scenario

KEYBOARD, MOUSE = "usb-kbd", "usb-mouse"


@system_scenario("a USB keyboard is plugged in, switches, and is unplugged with keys down", begins=False)
def usb(stage):
    real = UsbInput(stage.host, stage.observer)
    # The other mouse is there to take the time with.
    devices = '[{ name = "QEMU *" }, { name = "Virtual mouse" }]'
    stage.begin(stage.config(devices=devices))
    began = time.monotonic()
    for driver in (KEYBOARD, MOUSE):
        real.plug(driver)
    plugged = time.monotonic() - began
    try:
        _go_by_usb(stage, real)
        for key in ("KEY_A", "KEY_LEFTSHIFT"):
            real.key(key, 1)
        held = {codes.code("KEY_A"), codes.code("KEY_LEFTSHIFT")}
        stage.wait_down(stage.guest.watcher, held)
        mark, cause = stage.mark("mouse"), stage.now()
        real.unplug(KEYBOARD)
        told = stage.home(cause, mark, "no-device", limit=3, device="mouse")
        real.plug(KEYBOARD)
        _go_by_usb(stage, real)
        mark = stage.daemon.mark()
        real.tap("KEY_RIGHTCTRL")
        stage.daemon.finished("hotkey", mark)
    finally:
        real.unplug(KEYBOARD)
        real.unplug(MOUSE)
    return f"plugged in within {plugged:.1f} s; {told.replace('keyboard', 'mouse')}"


def _go_by_usb(stage, real):
    """There by the hotkey; what is typed and moved then is the guest's alone."""
    mark = stage.daemon.mark()
    real.tap("KEY_RIGHTCTRL")
    stage.daemon.wait("State", "active", mark)
    host, far = stage.observer.mark(), stage.guest.watcher.mark()
    real.keys(codes.typed("abc"))
    real.move(7, -3)
    stage.wait_keys(stage.guest.watcher, far, codes.typed("abc"))
    moved = {codes.code("REL_X"): 7, codes.code("REL_Y"): -3}
    stage.wait_motion(stage.guest.watcher, far, moved)
    stage.observer.fence()
    check(not stage.observer.events(host), "the host saw something of it")


@system_scenario("a monitor follows there and back, its bus loaded and opened to the service by the package", begins=False)
def monitor(stage):
    stage.install()
    [(screen, bus)] = monitors.begin(stage, "left")
    monitors.check_steps(monitors.go(stage, screen), {"left": "ok"})
    told, steps = monitors.home(stage)
    monitors.check_steps(steps, {"left": "ok"})
    screen.wait_input(HDMI1)
    check([value for _, value in screen.sets()] == [DP1, HDMI1], f"the sets were {screen.sets()}")
    check(stage.monitors.touched() == {bus}, f"the daemon used the buses {stage.monitors.touched()}")
    return told


system_scenario("a monitor that hangs does not hold up the keyboard, there or back", begins=False)(monitors.hangs)
system_scenario("a tone of the guest is heard by who sits there, and then silence", begins=False)(audio.playback)
system_scenario("the guest hears his microphone while active and recording, else nobody does", begins=False)(audio.microphone)
