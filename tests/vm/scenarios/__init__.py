# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""All scenarios."""

from . import ways_home, faults, hangs, neutral, rules, monitors, connectors, audio
from . import system_install, system_switch, system_devices, system_faults, system_wrong, system_packages
from . import system_seat  # the last: virtio's 9p, from which packages are installed, does not survive a suspend
from .registry import SCENARIOS

__all__ = [
    *["SCENARIOS", "ways_home", "faults", "hangs", "neutral", "rules", "monitors", "connectors"],
    *["audio", "system_install", "system_switch", "system_seat", "system_devices"],
    *["system_faults", "system_wrong", "system_packages"],
]
