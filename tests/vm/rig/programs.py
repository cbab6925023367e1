# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The rig's own C programs; statically linked where they must run in an initramfs too."""

import pathlib
import subprocess

from .cache import Cache, digest

SOURCES = pathlib.Path(__file__).parent.parent / "programs"
FLAGS = ["-O2", "-s", "-std=gnu11", "-Wall", "-Wextra", "-Wshadow", "-Wconversion"]

LINKED = {"buswatch": "libsystemd", "pwdesk": "libpipewire-0.3"}  # all others: -static


def get(store: Cache):
    """Folder with the compiled programs, each named after its source."""
    sources, headers = sorted(SOURCES.glob("*.c")), sorted(SOURCES.glob("*.h"))

    def build(folder):
        for source in sources:
            libraries = _options(LINKED[source.stem]) if source.stem in LINKED else ["-static"]
            command = ["gcc", *FLAGS, "-o", folder / source.stem, source, *libraries, "-lm"]
            subprocess.run(command, check=True)

    return store.item("programs", digest(*sources, *headers, pathlib.Path(__file__)), build)


def _options(library):
    """Its headers are others' code: no warnings about them."""
    asked = ["pkg-config", "--cflags", "--libs", library]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return [word.replace("-I", "-isystem", 1) for word in told.split()]
