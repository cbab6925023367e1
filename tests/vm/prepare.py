#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Makes what the virtual machines need and caches it: kernel, images, programs, saved states."""

import pathlib
import tempfile

from rig import guest, host, isolation, kernel
from rig.cache import Cache

store = Cache()
kernel.get(store)
isolation.isolate()
with tempfile.TemporaryDirectory(prefix="spicykvm-vm-") as name:
    for machine in (guest, host):
        machine.prepare(store, pathlib.Path(name))
