# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""A USB keyboard and mouse of a host VM, plugged in and out at its bus: QEMU's own devices."""

from .codes import name

# QEMU's names of keys, where they are not those of the kernel in lower case.
KEYS = {"leftshift": "shift", "rightshift": "shift_r", "leftctrl": "ctrl", "rightctrl": "ctrl_r"}
NAMES = {"usb-kbd": "QEMU QEMU USB Keyboard", "usb-mouse": "QEMU QEMU USB Mouse"}


class UsbInput:
    def __init__(self, host, watcher):
        self._host, self._watcher = host, watcher

    def plug(self, driver):
        """"usb-kbd" or "usb-mouse"; its event node, once udev and every reader know it."""
        self._host.qemu.qmp("device_add", driver=driver, id=driver, bus="usb.0")
        node = self._watcher.wait_node(NAMES[driver])
        self._host.run("udevadm settle", timeout=30)
        return node

    def unplug(self, driver):
        self._host.qemu.qmp("device_del", id=driver)

    def key(self, which, value):
        """`which` is a name like KEY_A or its number; a button is one of the mouse."""
        known = (which if isinstance(which, str) else name(which)).lower()
        if known.startswith("btn_"):
            return self._send("btn", button=known.removeprefix("btn_"), down=bool(value))
        known = known.removeprefix("key_")
        qcode = {"type": "qcode", "data": KEYS.get(known, known)}
        return self._send("key", key=qcode, down=bool(value))

    def keys(self, events):
        """[(code, value)]"""
        for which, value in events:
            self.key(which, value)

    def tap(self, which):
        self.keys([(which, 1), (which, 0)])

    def move(self, x, y):
        for axis, value in (("x", x), ("y", y)):
            self._send("rel", axis=axis, value=value)

    def _send(self, kind, **data):
        self._host.qemu.qmp("input-send-event", events=[{"type": kind, "data": data}])
