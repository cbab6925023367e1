# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""A graphics card of the host VM with nothing but connectors, in front of buses that are there."""

import re

from . import kernel, modules
from .host import MACHINE

DRIVER = "spicykvm-connectors"
# Writing this to a connector's `status` has the kernel look for a monitor there.
DETECT = 'for port in /sys/class/drm/card*-*; do echo detect >"$port/status"; done'
# The same access as the project's rule gives to the buses below a real card.
UDEV_RULE = 'SUBSYSTEM=="i2c-dev", ATTRS{name}=="AUX DP-*", GROUP="i2c", MODE="0660"\n'


class Card:
    """Connectors HDMI-A-1 and so on have a `ddc` link to the buses of `hdmi`; DP-1 and so on have
    buses of their own below them, which pass everything on to those of `dp`."""

    def __init__(self, host, store, hdmi=(), dp=()):
        self._host = host
        self.is_there = False
        host.write("/run/udev/rules.d/70-spicykvm-card.rules", UDEV_RULE)
        host.run("udevadm control --reload")
        for module in (kernel.get(store) / "card/order").read_text().split():
            path = f"{MACHINE}{kernel.get(store)}/card/{module}"
            name = module.removesuffix(".ko")
            host.run(f"grep -q '^{name} ' /proc/modules || insmod {path}")
        lists = [f"{n}={','.join(map(str, b))}" for n, b in (("hdmi", hdmi), ("dp", dp)) if b]
        host.run(f"insmod {MACHINE}{modules.get(store)}/connectors.ko {' '.join(lists)}")
        self.is_there = True
        self.detect()
        found = host.run("udevadm settle; ls -d /sys/class/drm/card*-*").out
        self.name = re.search(r"/(card\d+)-", found)[1]

    def detect(self):
        """The kernel looks again who is connected."""
        self._host.run(DETECT)

    def edid_size(self, connector):
        """Of what the kernel knows of the monitor at "HDMI-A-1" and so on; 0: nobody is there."""
        return int(self._host.run(f"wc -c </sys/class/drm/{self.name}-{connector}/edid").out)

    def aux(self, connector):
        """The number of the bus below "DP-1" and so on."""
        found = self._host.run(f"ls -d /sys/class/drm/{self.name}-{connector}/i2c-*").out
        return int(re.search(r"i2c-(\d+)$", found)[1])

    def start_unbinding(self):
        """As when the card is handed to a VM: the job, which ends when nobody uses its buses."""
        return self._host.spawn(f"echo {DRIVER} >/sys/bus/platform/drivers/{DRIVER}/unbind")

    def remove(self):
        if self.is_there:
            self._host.run("rmmod connectors")
            self.is_there = False
