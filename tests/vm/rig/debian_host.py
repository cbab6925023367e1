# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The machine with the keyboard, as a whole Debian: somebody is logged in on its first console."""

import pathlib
import time

from . import debian_root, kernel, programs
from .cache import Cache, digest
from .guest import IMAGES
from .host import BOOT, MACHINE, PROGRAMS, TOOLS, Done, Host, VirtualHost, hardware
from .initramfs import Initramfs
from .lines import SocketLines
from .qemu import Saved

USER, STRANGER = "tester", "stranger"
ROOT_PASSWORD = "secret"


class DebianHost(VirtualHost):
    """As root it runs what HostVm does; `user` runs commands within the session on tty1."""

    description = "Debian in QEMU, booted by systemd, with a user who sits there"

    def __init__(self, store, folder, dependencies):
        qemu = _machine(store, dependencies).start(store, folder, _options)
        try:
            super().__init__(qemu, SocketLines("host", qemu.socket("runner")))
            self.user = Host(SocketLines(USER, qemu.socket("session")), TOOLS)
            self.run(
                f"date -s @{time.time():.0f} >/dev/null && mount -t 9p -o ro,trans=virtio,"
                f"version=9p2000.L,msize=512000,cache=loose machine {MACHINE}"
            )
        except BaseException:
            qemu.stop()
            raise

    def run_as(self, user, command, **options):
        """A command of a user who is not logged in: as cron, or a service of his."""
        return self.run(f"exec runuser -u {user} -- {command}", **options)

    def run_in_background(self, user, command):
        """The same in a session of his own on a console that is not shown, whatever comes of it."""
        out, err = "/run/rig/background.out", "/run/rig/background.err"
        console = f"-p User={user} -p PAMName=login -p TTYPath=/dev/tty3 -p StandardInput=tty"
        said = f"-p StandardOutput=truncate:{out} -p StandardError=truncate:{err}"
        done = self.run(f"systemd-run -q --wait --collect {console} {said} {command}", check=False)
        told = (self.run(f"cat {file}").out for file in (out, err))
        return Done(done.status, *told, done.start, done.end)


def _machine(store: Cache, dependencies):
    linux, root = kernel.get(store), debian_root.get(store, dependencies)
    arguments = [
        *hardware(),
        *["-device", "virtserialport,nr=2,chardev=session"],
        *["-drive", f"file={root},if=virtio,format=raw,readonly=on"],
        *["-kernel", linux / "vmlinux", "-initrd", _image(store, linux) / "initramfs"],
        *["-append", BOOT],
    ]
    return Saved("debian", arguments, _wait_ready)


def _options(folder, name):
    ports = (f"{port},path={folder}/{name}.{port}" for port in ("runner", "session"))
    return [word for p in ports for word in ("-chardev", f"socket,id={p},server=on,wait=off")]


def _image(store: Cache, linux):
    built, init = programs.get(store), IMAGES / "debian-init"

    def make(folder):
        image = Initramfs()
        for mount in ("dev", "proc", "sys", "image", "memory", "root"):
            image.add_folder(mount)
        image.add("init", init)
        image.add("bin/busybox", pathlib.Path("/bin/busybox"))
        for name in PROGRAMS:
            image.add(f"bin/{name}", built / name)
        for file in sorted((linux / "debian").iterdir()):
            image.add(f"modules/debian/{file.name}", file)
        image.write(folder / "initramfs")

    key = digest(linux.name, built.name, init, pathlib.Path(__file__))
    return store.item("debian-image", key, make)


def _wait_ready(qemu):
    """All that starts by itself has started, for the system and for the user who sits there."""
    ports = [SocketLines(port, qemu.socket(port)) for port in ("runner", "session")]
    system, user = (Host(lines, TOOLS) for lines in ports)
    state = system.run("systemctl is-system-running --wait", timeout=300, check=False).out
    if state != "running":
        told = system.run("systemctl --failed --no-pager; journalctl -b -p err --no-pager").out
        raise RuntimeError(f"{qemu.name} is {state} after its start: {told}")
    user.run("systemctl --user is-system-running --wait", timeout=120)
    user.run("until systemctl --user is-active -q wireplumber; do sleep 0.1; done", timeout=120)
    for lines in ports:
        lines.close()
