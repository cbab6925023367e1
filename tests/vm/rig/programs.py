# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The rig's own C programs; statically linked where they must run in an initramfs too."""

import pathlib
import subprocess

from .cache import Cache, digest

SOURCES = pathlib.Path(__file__).parent.parent / "programs"
FLAGS = ["-O2", "-s", "-std=gnu11", "-Wall", "-Wextra", "-Wshadow", "-Wconversion"]

LINKED = {"buswatch": ["-lsystemd"]}  # all others: -static


def get(store: Cache):
    """Folder with the compiled programs, each named after its source."""
    sources = sorted(SOURCES.glob("*.c"))

    def build(folder):
        for source in sources:
            libraries = LINKED.get(source.stem, ["-static"])
            subprocess.run(["gcc", *FLAGS, "-o", folder / source.stem, source, *libraries], check=True)

    return store.item("programs", digest(*sources, pathlib.Path(__file__)), build)
