# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Monitors behind real I2C buses of the host VM, and what its kernel says of those buses."""

import re
from typing import NamedTuple

from .i2c_usb import I2cUsb
from .monitor import DISPLAY, HDMI1, Monitor

# The buses of graphics cards are for the group i2c by the rules of the project; these have no card.
UDEV_RULE = (
    'SUBSYSTEM=="i2c-dev", ATTRS{idVendor}=="0403", ATTRS{idProduct}=="c631", '
    'GROUP="i2c", MODE="0660"\n'
)
TRACE = "/sys/kernel/tracing"


class Written(NamedTuple):
    """A message to a slave, as the host's kernel sent it; `at` is its CLOCK_MONOTONIC."""

    at: float
    bus: int
    address: int
    data: bytes


class Monitors:
    """The adapters stay plugged in from their first use on, unless a scenario unplugs them; each
    scenario has fresh monitors."""

    def __init__(self, host):
        self._host = host
        self._adapters = {}  # name: (adapter, number of the bus)
        self._ports = {}  # name: its socket

    def plug(self, name="monitor", cable=HDMI1):
        """(monitor, number of its bus), once the node is there for everybody who may use it."""
        monitor = Monitor(name, cable)
        if name in self._adapters:
            self._adapters[name][0].monitor = monitor
        else:
            self._adapters[name] = self._connect(name, monitor)
        return monitor, self._adapters[name][1]

    def replace(self, name, monitor):
        """Another monitor on the same cable; nobody is told."""
        self._adapters[name][0].monitor = monitor
        return monitor

    def unplug(self, name):
        """The adapter: its bus is gone. Its number goes to who is plugged in next."""
        adapter, number = self._adapters.pop(name)
        adapter.close()
        self._host.run(f"while test -e /sys/bus/i2c/devices/i2c-{number}; do sleep 0.05; done")

    def _connect(self, name, monitor):
        if not self._ports:
            self._host.write("/run/udev/rules.d/70-spicykvm-test.rules", UDEV_RULE)
            self._host.run("udevadm control --reload")
        if name not in self._ports:
            self._ports[name] = self._host.add_usb_port(name)
        adapter = I2cUsb(self._ports[name], monitor, name)
        buses = "/sys/bus/i2c/devices/i2c-*"
        # An adapter's parents are a USB interface and a USB device.
        find = f"grep -lx {name} {buses}/../../serial"
        found = self._host.run(f"until {find} 2>/dev/null; do sleep 0.05; done; udevadm settle").out
        number = re.search(r"i2c-(\d+)", found)
        return adapter, int(number[1])

    def trace(self):
        """From now on the kernel notes every use of every bus."""
        self._host.run(
            f"mountpoint -q {TRACE} || mount -t tracefs none {TRACE}; cd {TRACE}; echo >trace; "
            "echo mono >trace_clock; echo 1 >events/i2c/enable; echo 1 >events/smbus/enable"
        )

    def traced(self):
        """[(bus, event)] of everything since trace()."""
        text = self._host.run(f"cat {TRACE}/trace").out
        return [(int(m[2]), m[1]) for m in re.finditer(r": ((?:i2c|smbus)_\w+): i2c-(\d+)", text)]

    def touched(self):
        """The buses that were used since trace()."""
        return {bus for bus, _ in self.traced()}

    def written(self, bus):
        """What was written to the display on a bus since trace()."""
        text = self._host.run(f"cat {TRACE}/trace").out
        line = re.compile(
            rf" (\d+\.\d+): i2c_write: i2c-({bus}) #\d+ a=([0-9a-f]+) f=\w+ l=\d+ \[([-0-9a-f]*)\]"
        )
        found = [
            Written(float(m[1]), int(m[2]), int(m[3], 16), bytes.fromhex(m[4].replace("-", "")))
            for m in line.finditer(text)
        ]
        return [message for message in found if message.address == DISPLAY]
