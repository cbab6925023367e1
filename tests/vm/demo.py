#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The main job, to be watched: one keyboard, one mouse, one monitor and sound, a host and a guest.

Ends 0 only if the host's kernel and the guest's kernel each delivered exactly its own events, the
monitor showed the guest while that had the keyboard, and else the host, and a tone of the guest was
heard in the host's PipeWire, and one in front of the host's microphone in the guest.
"""

import argparse
import os
import pathlib
import sys
import tempfile
import time

from rig import codes, daemon, guest, isolation, kernel, local_host
from rig.cache import Cache
from rig.devices import VirtualInput
from rig.host import HostVm
from rig.monitor import DP1, HDMI1, NAMES
from rig.monitors import Monitors
from rig.sound import MICROPHONE_HERTZ, Desktop

COLOURS = {
    "hand": "1", "host": "36", "guest": "32", "daemon": "33", "monitor": "35", "WRONG": "1;31",
}  # fmt: skip
DEVICES = '[{ name = "Virtual keyboard" }, { name = "Virtual mouse" }]'
HOTKEY = [(codes.code("KEY_RIGHTCTRL"), 1), (codes.code("KEY_RIGHTCTRL"), 0)]
SOUND = 'record = { when = "active" }\n'
# The guest has a picture all the time, so that the monitor need not wait for it.
MONITOR = """
[[target.monitor]]
name = "desk"
i2c = {bus}
set = [ {{ host = "hdmi-1", guest = "displayport-1" }} ]
wake_delay_ms = 0
"""


class Output:
    """Lines of "time who what"; colour only on a terminal."""

    def __init__(self):
        self._start = time.monotonic()
        self._coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def heading(self, text):
        print(f"\n{self._paint('hand', text)}\n", flush=True)

    def prepared(self, what, began, text):
        print(f"  {what:<8} {time.monotonic() - began:5.1f} s   {text}", flush=True)

    def line(self, at, who, text):
        print(f"  {at - self._start:7.3f}  {self._paint(who, f'{who:<7}')} {text}", flush=True)

    def plain(self, text):
        for line in text.splitlines():
            print(f"  {'':7}  {'':7} | {line}", flush=True)

    def restart_clock(self):
        self._start = time.monotonic()

    def _paint(self, who, text):
        return f"\033[{COLOURS[who]}m{text}\033[0m" if self._coloured else text


class Side:
    """What one kernel should have delivered so far, and what it did."""

    def __init__(self, name, watcher):
        self.name, self.watcher = name, watcher
        self._first = self._mark = watcher.mark()
        self._keys, self._motion = [], {}

    def expect(self, keys, motion):
        self._mark = self.watcher.mark()
        self._keys += keys
        for axis, amount in motion.items():
            self._motion[axis] = self._motion.get(axis, 0) + amount
        self._fresh = (keys, {axis: amount for axis, amount in motion.items() if amount})

    def settle(self, timeout=5.0):
        """True as soon as everything expected of this step has come, and nothing else has."""
        deadline = time.monotonic() + timeout
        while not self._has_exactly(self._mark, *self._fresh):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
            self.watcher.fence()
        return True

    def is_exact(self):
        """Over the whole run; also no key is down any more."""
        self.watcher.fence()
        motion = {axis: amount for axis, amount in self._motion.items() if amount}
        return self._has_exactly(self._first, self._keys, motion) and not self.watcher.down()

    def _has_exactly(self, mark, keys, motion):
        return self.watcher.keys(mark) == keys and self.watcher.motion(mark) == motion

    def told(self, each=False):
        """[(time, text)]: this step's events, each or keys as text and motion summed up."""
        events = self.watcher.events(self._mark)
        if each:
            return [(e.heard, f"{codes.event_name(e.type, e.code)} {e.value:+d}") for e in events]
        keys, moves = ([e for e in events if e.type == kind] for kind in (1, 2))
        lines = []
        if keys:
            typed = codes.text((e.code, e.value) for e in keys)
            lines.append((keys[0].heard, f"{typed!r} ({len(keys)} key events)"))
        if moves:
            sums = self.watcher.motion(self._mark)
            shown = ", ".join(f"{codes.name(a, 'REL_')} {n:+d}" for a, n in sorted(sums.items())) or "there and back"
            lines.append((moves[0].heard, f"{shown} ({len(moves)} motion events)"))
        return lines


class Screen:
    """What the monitor should have shown so far, and what it did."""

    def __init__(self, monitor):
        self._monitor = monitor
        self._expected = [HDMI1]

    def settle(self, state):
        """True as soon as it shows the machine that has the keyboard."""
        wanted = DP1 if state == "active" else HDMI1
        if wanted != self._expected[-1]:
            self._expected.append(wanted)
        try:
            self._monitor.wait_input(wanted, timeout=10)
        except TimeoutError:
            return False
        return True

    def is_exact(self):
        return [value for _, value in self._monitor.shown()] == self._expected

    def told(self, began):
        """[(time, text)] of the changes since a time."""
        shown = self._monitor.shown()
        owner = {HDMI1: "the host", DP1: "the guest"}
        return [
            (at, f"{NAMES[old]} -> {NAMES[new]}: shows {owner[new]}")
            for (_, old), (at, new) in zip(shown, shown[1:])
            if at >= began
        ]


class Demo:
    def __init__(self, output, host, far, service, screen, desktop, each_event=False):
        self.output, self.host, self.service, self.screen = output, host, service, screen
        self.card, self.desktop = far.sound, desktop
        self._each_event = each_event
        watcher = host.watch()
        self.hand = VirtualInput(host, watcher)
        self.hand.plug("keyboard")
        self.hand.plug("mouse")
        self.sides = {"host": Side("host", watcher), "guest": Side("guest", far.watcher)}
        self.is_right = True

    def step(self, who, what, action, state, host=([], {}), guest=([], {})):
        """One action; then what each side made of it, in the order of time."""
        for side, expected in zip(self.sides.values(), (host, guest)):
            side.expect(*expected)
        mark, began = self.service.mark(), time.monotonic()
        self.output.line(began, who, what)
        result = action()
        if getattr(result, "out", None):
            self.output.plain(result.out)
        if self.service.state != state:
            self._wait_state(state, mark)
        settled = [side.settle() for side in self.sides.values()]
        told = [(at, "daemon", text) for at, text in self.service.states(mark)]
        if self.screen:
            if not self.screen.settle(state):
                self._wrong("the monitor does not show the machine that has the keyboard")
            told += [(at, "monitor", text) for at, text in self.screen.told(began)]
        for name, side in self.sides.items():
            told += [(at, name, text) for at, text in side.told(self._each_event)]
        for at, who_heard, text in sorted(told):
            self.output.line(at, who_heard, text)
        for name, right in zip(self.sides, settled):
            if not right:
                self._wrong(f"the {name} did not receive exactly its own")

    def _wait_state(self, state, mark):
        try:
            self.service.wait("State", state, mark, timeout=10)
        except TimeoutError:
            self._wrong(f"the daemon is {self.service.state}, not {state}")

    def _wrong(self, text):
        self.is_right = False
        self.output.line(time.monotonic(), "WRONG", text)

    def command(self, command, state):
        self.step("hand", f"$ {command}", lambda: self.host.run(command), state)

    def types(self, text, where):
        state = "active" if where == "guest" else "inactive"
        self.step("hand", f"types {text!r}", lambda: self.hand.type(text, pause=0.02), state,
                  **{where: (codes.typed(text), {})})  # fmt: skip

    def uses_mouse(self, where, wheel_is_fine):
        """A triangle that does not close, three detents down, a click of each button."""
        points = [(3, 1)] * 40 + [(-2, 2)] * 30 + [(-1, -2)] * 20
        x, y = (sum(axis) for axis in zip(*points))
        self.step("hand", "moves the mouse, 90 reports",
                  lambda: [self.hand.move(*point, pause=0.008) for point in points], "active",
                  **{where: ([], {codes.code("REL_X"): x, codes.code("REL_Y"): y})})  # fmt: skip
        wheel = {codes.code("REL_WHEEL"): -3}
        if wheel_is_fine:
            wheel[codes.code("REL_WHEEL_HI_RES")] = -360
        self.step("hand", "scrolls three detents down",
                  lambda: [self.hand.scroll(-1) for _ in range(3)], "active",
                  **{where: ([], wheel)})  # fmt: skip
        buttons = ["BTN_LEFT", "BTN_RIGHT", "BTN_MIDDLE", "BTN_SIDE", "BTN_EXTRA"]
        clicks = [(codes.code(button), value) for button in buttons for value in (1, 0)]
        self.step("hand", "clicks all five buttons",
                  lambda: [self.hand.click(button) for button in buttons], "active",
                  **{where: (clicks, {})})  # fmt: skip

    def taps_hotkey(self, state):
        # Going there, the host has seen the hotkey as any other key; coming back nobody does.
        seen = HOTKEY if state == "active" else []
        self.step("hand", "taps Right Ctrl, the hotkey", lambda: self.hand.tap("KEY_RIGHTCTRL"),
                  state, host=(seen, {}))  # fmt: skip

    def listens(self, what, start, who, listener, hertz):
        """Some sound, and what came of it at the other end; not its end."""
        mark, began = listener.mark(), time.monotonic()
        start()
        self.output.line(began, "guest", what)
        try:
            tone = listener.wait_tone(hertz, mark)
            self.output.line(tone.heard, who, f"hears {tone}")
        except TimeoutError as error:
            self._wrong(str(error))

    def uses_sound(self):
        self.listens("plays a tone of 440 Hz", lambda: self.card.play(440, 1.5),
                     "host", self.desktop, 440)  # fmt: skip
        self.listens("records; a tone of 1000 Hz is in front of the host's microphone",
                     lambda: self.card.record(5), "guest", self.card, MICROPHONE_HERTZ)  # fmt: skip

    def play(self):
        self.types("this is the host. ", "host")
        self.taps_hotkey("active")
        self.types("Hello from spicykvm: every key arrives!", "guest")
        self.uses_mouse("guest", wheel_is_fine=False)
        self.uses_sound()
        self.command(f"busctl --system call {daemon.BUS} Deactivate", "inactive")
        self.types("This stays on the host.", "host")
        self.command("spicykvmctl status", "inactive")
        self.command("spicykvmctl activate", "active")
        self.types("and back in the guest", "guest")
        self.command("spicykvmctl status", "active")
        self.command("spicykvmctl deactivate", "inactive")
        self.taps_hotkey("active")
        self.types("once more", "guest")
        self.taps_hotkey("inactive")
        self.types("home again", "host")

    def verdict(self):
        for name, side in self.sides.items():
            if not side.is_exact():
                self._wrong(f"over the whole run the {name} did not receive exactly its own")
        if self.screen and not self.screen.is_exact():
            self._wrong("over the whole run the monitor did not follow each switch just once")
        return self.is_right


def choose_host(wanted):
    if wanted == "local" and not local_host.is_possible():
        sys.exit("demo: --host local needs root, /dev/uinput and a running udev")
    is_local = wanted == "local" or (wanted != "vm" and local_host.is_possible())
    return local_host.LocalHost if is_local else HostVm


def plug_monitor(output, host):
    """(Screen, its part of the target's configuration); (None, "") where no bus can be plugged in."""
    if not isinstance(host, HostVm):
        return None, ""
    began = time.monotonic()
    monitor, bus = Monitors(host).plug("desk")
    shown = NAMES[monitor.input]
    output.prepared("monitor", began, f"DDC/CI on the host's /dev/i2c-{bus}, shows {shown}")
    return Screen(monitor), MONITOR.format(bus=bus)


def prepare(stack, output, options, folder):
    """Everything up to an inactive daemon with a warm link, each with the time it took."""
    store = Cache()
    linux = kernel.get(store)
    began = time.monotonic()
    payload = daemon.install(options.build, folder / "payload")
    output.prepared("install", began, "cmake --install, into a folder")
    kind = choose_host(options.host)
    if kind is HostVm:
        isolation.isolate()
    began = time.monotonic()
    far = guest.GuestVm(store, folder)
    stack.append(far)
    output.prepared("guest", began, f"Linux {kernel.version_of(linux)} in QEMU, SPICE on port {far.address[1]}")
    began = time.monotonic()
    host = kind(store, folder, payload)
    stack.append(host)
    output.prepared("host", began, host.description)
    began_sound = time.monotonic()
    desktop = Desktop(host)
    desktop.start_session()
    if kind is not HostVm:
        stack.append(desktop)
    screen, follows = plug_monitor(output, host)
    began = time.monotonic()
    service = daemon.Daemon(host)
    target = daemon.target("demo", host, far, extra=SOUND + follows)
    service.configure(daemon.settings(devices=DEVICES) + target, guest.PASSWORD)
    service.start()
    demo = Demo(output, host, far, service, screen, desktop, options.events)
    service.wait_connection("demo")
    output.prepared("daemon", began, f"spicykvmd is {service.state}, connected to the guest")
    desktop.wait_ready()
    desktop.wait_open(["playback", "record"])
    output.prepared("sound", began_sound, "meanwhile: PipeWire, and spicykvm-session has both channels")
    return demo


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help="cmake's build folder")
    parser.add_argument("--host", choices=["auto", "local", "vm"], default="auto")
    parser.add_argument("--events", action="store_true", help="print each single event")
    options = parser.parse_args()
    output, machines = Output(), []
    with tempfile.TemporaryDirectory(prefix="spicykvm-demo-") as name:
        try:
            demo = prepare(machines, output, options, pathlib.Path(name))
            screen = ", one monitor" if demo.screen else ""
            output.heading(f"one keyboard, one mouse{screen}, sound, two machines")
            output.restart_clock()
            demo.play()
            is_right = demo.verdict()
            followed = "; the monitor showed whose turn it was" if demo.screen else ""
        finally:
            for machine in reversed(machines):
                machine.stop()
    told = f"each side received exactly its own{followed}; sound arrived both ways"
    output.heading(told if is_right else "FAILED")
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
