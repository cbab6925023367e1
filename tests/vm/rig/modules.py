# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The rig's own kernel modules, compiled with the headers of the virtual machines' kernel."""

import functools
import pathlib
import re
import subprocess
import tempfile

from . import kernel
from .cache import Cache, digest

SOURCES = pathlib.Path(__file__).parent.parent / "modules"


@functools.cache
def get(store: Cache):
    """Folder with the modules, each named after its source. The first time it needs the network."""
    sources, linux = sorted(SOURCES.glob("*.c")), kernel.get(store)
    key = digest(linux.name, *sources, pathlib.Path(__file__))
    return store.item("modules", key, lambda folder: _build(kernel.version_of(linux), sources, folder))


def _build(version, sources, folder):
    with tempfile.TemporaryDirectory(dir=folder) as work:
        headers = _unpack_headers(version, f"{work}/x")
        tree = pathlib.Path(f"{work}/modules")
        tree.mkdir()
        for source in sources:
            (tree / source.name).write_bytes(source.read_bytes())
        objects = " ".join(f"{source.stem}.o" for source in sources)
        (tree / "Makefile").write_text(f"obj-m += {objects}\nccflags-y := -Werror\n")
        made = subprocess.run(
            ["make", "-s", "-C", headers, f"M={tree}", "modules"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(f"modules for Linux {version}: {made.stdout}{made.stderr[-2000:]}")
        for source in sources:
            built = tree / f"{source.stem}.ko"
            subprocess.run(["strip", "-g", built], check=True)
            built.rename(folder / built.name)


def _unpack_headers(version, target):
    """Debian's packages, which are not installed: their Makefile names the place where they would be."""
    package = f"linux-headers-{version}"
    answer = subprocess.run(
        ["apt-cache", "depends", package], capture_output=True, text=True, check=True
    )
    needed = re.findall(r"Depends: (linux-(?:headers|kbuild)-\S+)", answer.stdout)
    kernel.unpack([package, *needed], target)
    folder = pathlib.Path(target).absolute() / "usr/src" / package
    makefile = folder / "Makefile"
    makefile.write_text(makefile.read_text().replace("include /usr/src", f"include {folder.parent}"))
    return folder
