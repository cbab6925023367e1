# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Debian's stock kernel, unchanged: what is tested is what people run."""

import functools
import lzma
import pathlib
import re
import shutil
import subprocess
import tempfile

from . import cache

# Inserted in this order, each after what it depends on. One set per kind of machine; `card` is what
# a graphics card needs (card.py).
MODULES = {
    # The codec's driver comes before the card's: else the codec is now and then not found.
    "guest": [
        *["virtio_pci", "virtio_console", "virtio_input", "evdev"],
        *["snd-hda-codec-generic", "snd-hda-intel"],
    ],
    "guest-ps2": ["virtio_pci", "virtio_console", "i8042", "atkbd", "psmouse", "evdev"],
    "host": [
        *["virtio_pci", "virtio_console", "virtio_net", "virtio_rng", "9pnet_virtio", "9p"],
        *["overlay", "evdev", "uinput", "sch_netem", "tcp_diag"],
        *["i2c-dev", "i2c-i801", "xhci_pci", "i2c-tiny-usb"],
    ],
    "card": ["drm_kms_helper"],
    # The host VM with a whole Debian: its initramfs, and what its udev loads.
    "debian": [
        *["crc32c_generic", "virtio_pci", "virtio_console", "virtio_blk", "virtio_net"],
        *["erofs", "overlay"],
    ],
    "debian-root": [
        *["virtio_rng", "9pnet_virtio", "9p", "evdev", "uinput", "i2c-dev", "i2c-i801", "xhci_pci"],
        *["i2c-tiny-usb", "usbhid", "hid-generic", "drm_kms_helper"],
    ],
}


def wanted_version():
    """The kernel that linux-image-amd64 depends on today, or None without package lists."""
    answer = subprocess.run(
        ["apt-cache", "depends", "linux-image-amd64"], capture_output=True, text=True, check=False
    )
    match = re.search(r"Depends: linux-image-([0-9]\S*)", answer.stdout)
    return match and match[1]


@functools.cache
def get(store: cache.Cache):
    """Folder with vmlinux and, for each set of MODULES, a folder of modules with an `order` file."""
    key = cache.digest(pathlib.Path(__file__))
    version = wanted_version()
    kept = sorted(store.root.glob(f"kernel-*-{key}"), key=lambda path: path.stat().st_mtime)
    if version is None and kept:
        return kept[-1]
    if version is None:
        raise RuntimeError("apt knows no linux-image-amd64: run tests/install-deps.sh vm")
    return store.item("kernel", f"{version}-{key}", lambda folder: _fetch(version, folder))


def version_of(linux):
    """Of the folder that get() gave, as the names of packages have it."""
    return linux.name.split("-", 1)[1].rsplit("-", 1)[0]


def unpack(packages, folder):
    """Downloads packages and unpacks them into a folder, without installing them."""
    with tempfile.TemporaryDirectory() as work:
        # -q=2 without a terminal still reports errors; _apt may not enter the folder, hence the option.
        subprocess.run(
            ["apt-get", "download", "-q=2", "-o", "APT::Sandbox::User=root", *packages],
            cwd=work, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        for package in pathlib.Path(work).glob("*.deb"):
            subprocess.run(["dpkg", "-x", package, folder], check=True)


def _fetch(version, folder):
    with tempfile.TemporaryDirectory(dir=folder) as work:
        unpack([f"linux-image-{version}"], f"{work}/x")
        modules = next(pathlib.Path(work).glob("x/**/lib/modules/*"))
        _unpack_kernel(pathlib.Path(f"{work}/x/boot/vmlinuz-{version}"), folder / "vmlinux")
        for name, wanted in MODULES.items():
            _collect(modules, wanted, folder / name)


def _unpack_kernel(packed, target):
    """QEMU starts an uncompressed kernel directly (PVH); emulated, decompressing it costs 3 s."""
    data = packed.read_bytes()
    for match in re.finditer(rb"\xfd7zXZ\0", data):
        try:
            image = lzma.LZMADecompressor(format=lzma.FORMAT_XZ).decompress(data[match.start() :])
        except lzma.LZMAError:
            continue
        if image.startswith(b"\x7fELF"):
            target.write_bytes(image)
            return
    shutil.copy(packed, target)  # another compression: boots all the same, only later


def _name(path):
    return re.sub(r"\.ko.*", "", pathlib.Path(path).name).replace("-", "_")


def _collect(tree, wanted, target):
    found = {_name(path): path for path in tree.rglob("*.ko*")}
    builtin = {_name(line) for line in (tree / "modules.builtin").read_text().split()}
    target.mkdir()
    order = []

    def add(name):
        if name in builtin or f"{name}.ko" in order:
            return
        data = found[name].read_bytes()
        data = lzma.decompress(data) if found[name].suffix == ".xz" else data
        depends = re.search(rb"\0depends=([^\0]*)\0", data)
        for dependency in depends[1].decode().split(",") if depends and depends[1] else []:
            add(dependency.replace("-", "_"))
        (target / f"{name}.ko").write_bytes(data)
        order.append(f"{name}.ko")

    for name in wanted:
        add(name.replace("-", "_"))
    (target / "order").write_text("\n".join(order) + "\n")
