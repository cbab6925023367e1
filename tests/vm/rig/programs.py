# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The rig's own C programs, statically linked so that they run in an initramfs too."""

import pathlib
import subprocess

from .cache import Cache, digest

SOURCES = pathlib.Path(__file__).parent.parent / "programs"
FLAGS = ["-O2", "-static", "-s", "-std=gnu11", "-Wall", "-Wextra", "-Wshadow", "-Wconversion"]


def get(store: Cache):
    """Folder with the compiled programs, each named after its source."""
    sources = sorted(SOURCES.glob("*.c"))

    def build(folder):
        for source in sources:
            subprocess.run(["gcc", *FLAGS, "-o", folder / source.stem, source], check=True)

    return store.item("programs", digest(*sources, *FLAGS), build)
