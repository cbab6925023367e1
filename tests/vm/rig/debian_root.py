# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""A small Debian with systemd, logind, polkit and PipeWire, as an image of its root."""

import os
import pathlib
import re
import shlex
import subprocess

from . import kernel
from .cache import Cache, digest
from .guest import IMAGES

SETUP, TREE = IMAGES / "debian-setup", IMAGES / "debian"
PACKAGES = [
    *["systemd", "systemd-sysv", "udev", "dbus", "dbus-user-session", "libpam-systemd", "polkitd"],
    *["apt", "kmod", "kbd", "procps", "iproute2", "pipewire", "pipewire-bin", "wireplumber"],
]
KEYRING = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def get(store: Cache, dependencies):
    """The image, with what the packages to be tested depend on. The first time it needs the network."""
    linux = kernel.get(store)
    packages = sorted({*PACKAGES, *dependencies})
    tree = sorted(path for path in TREE.rglob("*") if path.is_file())
    names = [str(path.relative_to(TREE)) for path in tree]
    key = digest(linux.name, *packages, *names, *tree, SETUP, pathlib.Path(__file__))
    folder = store.item("debian-root", key, lambda folder: _make(linux, packages, folder))
    return folder / "image"


def _make(linux, packages, folder):
    setup = [SETUP, TREE, linux / "debian-root", kernel.version_of(linux)]
    command = [
        *["mmdebstrap", "--variant=minbase", "--quiet", "--dpkgopt=force-unsafe-io"],
        *[f"--aptopt={option}" for option in _apt_options()],
        f"--include={','.join(packages)}",
        f'--customize-hook={shlex.join(map(str, setup))} "$1"',
        *[_suite(), folder / "root", *_sources()],
    ]
    _run(command)
    _run(["mkfs.erofs", "--quiet", folder / "image", folder / "root"])
    _run(["rm", "-rf", folder / "root"])


def _run(command):
    """As root, who alone can make files of others."""
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    done = subprocess.run([*sudo, *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stdout[-1000:]}{done.stderr[-3000:]}")


def _suite():
    text = pathlib.Path("/etc/os-release").read_text(encoding="utf-8")
    return re.search(r"^VERSION_CODENAME=(\S+)$", text, re.MULTILINE)[1]


def _sources():
    """Where this machine has Debian from, without what else it has sources of."""
    form = "$(ORIGIN)|$(REPO_URI)|$(CODENAME)|$(COMPONENT)"
    asked = ["apt-get", "indextargets", "--format", form, "Created-By: Packages"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    for line in sorted(set(told.split())):
        origin, address, suite, component = line.split("|")
        if origin == "Debian":
            yield f"deb {signed}{address} {suite} {component}"


def _apt_options():
    """How this machine fetches packages: proxies, or an archive that stands still."""
    told = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    wanted = re.compile(r'^(Acquire::(?:https?|Check-\S+|Languages)\S*) "(.+)";$', re.MULTILINE)
    return [f'{name} "{value}"' for name, value in wanted.findall(told)]
