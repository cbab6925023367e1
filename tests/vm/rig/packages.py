# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The project's Debian packages, and a newer version of them."""

import pathlib
import re
import subprocess
import tempfile


def make(build, folder):
    """{name: file}, packed from what is built."""
    command = ["cpack", "-G", "DEB", "-B", folder]
    made = subprocess.run(command, cwd=build, capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"cpack: {made.stdout[-1000:]}{made.stderr[-2000:]}")
    return {field(deb, "Package"): deb for deb in sorted(pathlib.Path(folder).glob("*.deb"))}


def field(package, name):
    asked = ["dpkg-deb", "-f", package, name]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()


def dependencies(packages):
    """The names of what they depend on beside each other; of alternatives the first."""
    entries = ",".join(field(deb, "Depends") for deb in packages.values()).split(",")
    names = {re.match(r"[^\s(:|]+", entry.strip())[0] for entry in entries if entry.strip()}
    return sorted(names - packages.keys())


def newer(packages, folder):
    """The same files as the next version."""
    return {name: _newer(deb, folder) for name, deb in packages.items()}


def _newer(package, folder):
    version = field(package, "Version")
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(["dpkg-deb", "-R", package, work], check=True)
        control = pathlib.Path(work) / "DEBIAN/control"
        control.write_text(control.read_text().replace(version, f"{version}+1"))
        target = pathlib.Path(folder) / package.name.replace(version, f"{version}+1")
        build = ["dpkg-deb", "--root-owner-group", "-Znone", "-b", work, target]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    return target
