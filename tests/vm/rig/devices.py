# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Virtual keyboards and mice, made with the host's /dev/uinput."""

import itertools
import time

from .codes import code, typed

EV_KEY, EV_REL = code("EV_KEY"), code("EV_REL")


class VirtualInput:
    """Devices are called by a short name, "keyboard" and "mouse" if not told otherwise."""

    def __init__(self, host, watcher):
        self._host, self._watcher = host, watcher
        self._job = host.start_tool("vinput")
        self._ids = itertools.count(1)

    def _ask(self, command, timeout=30.0):
        """When it happened, in the host's time."""
        number, mark = next(self._ids), self._job.mark()
        self._job.send(f"{number} {command}")
        match = self._job.wait(rf"^(OK|ERROR) {number} (.*)$", mark, timeout)
        if match[1] == "ERROR":
            raise RuntimeError(f"vinput {command}: {match[2]}")
        return float(match[2])

    def plug(self, name, kind=None):
        """The event node, once udev and every reader know it."""
        self._ask(f"plug {name} {kind or name}")
        node = self._watcher.wait_node(f"Virtual {name}")
        self._host.run("udevadm settle", timeout=30)
        return node

    def unplug(self, name):
        return self._ask(f"unplug {name}")

    def key(self, which, value, device="keyboard"):
        return self._ask(f"emit {device} {EV_KEY} {_number(which)} {value}")

    def keys(self, events, device="keyboard"):
        """[(code, value)], one report each."""
        for which, value in events:
            self.key(which, value, device)

    def tap(self, *which, device="keyboard", gap=0.02):
        """Presses and releases of one key after the other; timed by the host itself."""
        numbers = " ".join(str(_number(w)) for w in which)
        return self._ask(f"taps {device} {int(gap * 1e6)} {numbers}")

    def repeat(self, which, count, device="keyboard"):
        """Autorepeat events, at most 32, in one report."""
        return self._ask(f"emit {device} " + f"{EV_KEY} {_number(which)} 2 " * count)

    def type(self, text, pause=0.0):
        """`pause` is between presses and releases alike, as of a person's hand."""
        for event in typed(text):
            self.key(*event)
            time.sleep(pause)

    def click(self, button="BTN_LEFT", device="mouse"):
        return self.tap(button, device=device)

    def move(self, x, y, device="mouse", pause=0.0):
        time.sleep(pause)
        axes = [("REL_X", x), ("REL_Y", y)]
        events = " ".join(f"{EV_REL} {code(axis)} {value}" for axis, value in axes if value)
        return self._ask(f"emit {device} {events}")

    def scroll(self, detents, device="mouse"):
        """As a modern mouse does it: a detent and its 120ths in one report."""
        wheel, fine = code("REL_WHEEL"), code("REL_WHEEL_HI_RES")
        return self._ask(f"emit {device} {EV_REL} {wheel} {detents} {EV_REL} {fine} {120 * detents}")

    def flood(self, hertz, count, device="mouse"):
        """Motion reports of +1, evenly paced."""
        return self._ask(f"flood {device} {hertz} {count}", timeout=30 + 4 * count / hertz)

    def beacon(self, period=0.001, device="keyboard"):
        """Counted reports that nobody minds: once a grab ends, the watcher of the host says
        "MISSED ..." with the time of the first that came through. 0 stops them."""
        return self._ask(f"beacon {device} {int(period * 1e6)}")

    def leds(self, mark=0):
        """[(device, code, value)]: LEDs that were set on the devices."""
        told = [text.split() for _, text in self._job.since(mark) if text.startswith("LED ")]
        return [(device, int(led), int(value)) for _, device, _, led, value in told]


def _number(which):
    return which if isinstance(which, int) else code(which)
