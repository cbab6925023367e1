# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The machine with the keyboard, as a small VM with this machine's files (local_host.py: itself)."""

import itertools
import os
import pathlib
import shlex
import time
from typing import NamedTuple

from . import kernel, programs
from .cache import Cache, digest
from .guest import IMAGES, Watcher
from .initramfs import Initramfs
from .lines import Lines, SocketLines
from .qemu import Saved


MACHINE = "/mnt/machine"  # this machine's files, as the VM sees them; its own /tmp hides ours
BOOT = "console=ttyS0 quiet mitigations=off net.ifnames=0 systemd.show_status=0"
TOOLS = "/run/rig"  # where a VM has the programs of the rig
PROGRAMS = ("runner", "evwatch", "vinput", "buswatch", "stall", "grab", "pwdesk")


class Done(NamedTuple):
    """A finished command; start and end are CLOCK_MONOTONIC of the host."""

    status: int
    out: str
    err: str
    start: float
    end: float


class Job(Lines):
    """A running command of a host: its stdout is heard here, its stderr in `errors`."""

    def __init__(self, host, name, command):
        super().__init__(command.split()[0])
        self._host, self._name = host, name
        self.errors = Lines(f"{self.name} (stderr)")
        self.done = None

    def send(self, line):
        self._host.tell(f"{self._name} in {line}")

    def kill(self, number):
        self._host.tell(f"{self._name} kill {int(number)}")

    def end_input(self):
        self._host.tell(f"{self._name} eof")

    def take(self, kind, text):
        if kind == "o":
            self.feed(text)
        elif kind == "e":
            self.errors.feed(text)
        elif kind == "x":
            status, start, end = text.split()
            out, err = (
                "\n".join(line for _, line in stream.since()) for stream in (self, self.errors)
            )
            self.done = Done(int(status), out, err, float(start), float(end))
            self.close_feed()

    def wait_done(self, timeout=60.0):
        deadline = time.monotonic() + timeout
        with self._changed:
            while not self.is_closed:
                if not self._changed.wait(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError(f"{self.name}: still running after {timeout} s")
        return self.done


class Host:
    """Runs commands as root where the keyboard is. Both kinds of host speak through `runner`."""

    guest_host = "127.0.0.1"  # how the SPICE server of a guest is reached from here
    etc = "/etc/spicykvm"
    description = ""

    def __init__(self, lines, tools):
        self._runner, self._tools = lines, tools
        self._ids = itertools.count(1)
        self._jobs = {}
        lines.feed = self._dispatch
        self.environment = {}

    def tell(self, line):
        self._runner.send(line)

    def _dispatch(self, text):
        name, kind, *rest = text.split(" ", 2)
        if job := self._jobs.get(name):
            job.take(kind, rest[0] if rest else "")

    def spawn(self, command):
        name = f"j{next(self._ids)}"
        exports = "".join(f"export {k}={shlex.quote(v)}; " for k, v in self.environment.items())
        job = self._jobs[name] = Job(self, name, command)
        escaped = (exports + command).replace("\\", "\\\\").replace("\n", "\\n")
        self.tell(f"{name} run {escaped}")
        return job

    def run(self, command, timeout=60.0, check=True):
        done = self.spawn(command).wait_done(timeout)
        if check and done.status:
            raise RuntimeError(f"{command!r} failed ({done.status}): {done.out}\n{done.err}")
        return done

    def signal(self, pid, number):
        """When the signal was sent, in the host's time."""
        name = f"j{next(self._ids)}"
        job = self._jobs[name] = Job(self, name, "signal")
        self.tell(f"{name} signal {pid} {int(number)}")
        return job.wait_done().start

    def tool(self, name):
        """The path of a program of the rig (see programs/)."""
        return f"{self._tools}/{name}"

    def start_tool(self, name):
        """A program of the rig, once it is ready."""
        job = self.spawn(f"exec {self.tool(name)}")
        job.wait("^READY")
        return job

    def watch(self):
        """What the desktop of this host would see."""
        return Watcher(self.start_tool("evwatch"))

    def write(self, path, text, mode="644"):
        self.run(
            f"mkdir -p {os.path.dirname(path)} && printf %s {shlex.quote(text)} >{path} && "
            f"chmod {mode} {path}"
        )

    def start_daemon(self):
        raise NotImplementedError

    def stop_daemon(self):
        raise NotImplementedError

    def daemon_pid(self):
        raise NotImplementedError

    def daemon_log(self):
        """The last lines that the daemon wrote."""
        raise NotImplementedError

    def stop(self):
        raise NotImplementedError


class VirtualHost(Host):
    """A VM with systemd and the daemon as its service."""

    guest_host = "10.0.2.2"  # this machine's loopback, as QEMU's user network shows it

    def __init__(self, qemu, lines):
        self.qemu = qemu
        super().__init__(lines, TOOLS)

    def start_daemon(self):
        self.run("systemctl start spicykvmd")

    def stop_daemon(self):
        self.run("systemctl stop spicykvmd")

    def daemon_pid(self):
        return int(self.run("systemctl show -P MainPID spicykvmd").out)

    def daemon_log(self):
        return self.run("journalctl -u spicykvmd -n 40 -o short-monotonic", check=False).out

    def add_usb_port(self, name):
        """A USB port whose device is played by whoever connects to this socket (usbredir)."""
        path = self.qemu.socket(name)
        address = {"type": "unix", "data": {"path": str(path)}}
        backend = {"type": "socket", "data": {"addr": address, "server": True, "wait": False}}
        self.qemu.qmp("chardev-add", id=name, backend=backend)
        self.qemu.qmp("device_add", driver="usb-redir", chardev=name, bus="usb.0", id=name)
        return path

    def stop(self):
        self.qemu.stop()


class HostVm(VirtualHost):
    """Debian's kernel and systemd under emulation, with the files of this machine (9p, read-only).

    `payload` is a folder laid over them before systemd starts, as made by `cmake --install`.
    """

    description = "Linux in QEMU on this machine's own files, with systemd, udev and D-Bus"

    def __init__(self, store, folder, payload=None):
        qemu = _machine(store).start(store, folder, _options)
        try:
            lines = SocketLines("host", qemu.socket("runner"))
            lines.send(f"{time.time():.0f} {payload or ''}")
            lines.wait("^READY [0-9]", timeout=180)
        except BaseException:
            qemu.stop()
            raise
        super().__init__(qemu, lines)
        if payload:
            self.run("systemd-sysusers && udevadm control --reload")


def prepare(store, folder):
    """What the first start takes time for."""
    _machine(store).state(store, folder, _options)


def _machine(store: Cache):
    linux = kernel.get(store)
    arguments = [
        *hardware(),
        *["-kernel", linux / "vmlinux", "-initrd", _image(store, linux) / "initramfs"],
        *["-append", BOOT],
    ]
    return Saved("host", arguments, _wait_ready)


def hardware():
    """What both kinds of host VM consist of; the chardev "runner" is for their _options()."""
    root = "local,id=machine,path=/,mount_tag=machine,security_model=none,readonly=on"
    return [
        *["-M", "q35", "-accel", "tcg,thread=multi", "-m", "512", "-smp", "2"],
        *["-device", "virtio-serial-pci", "-device", "virtserialport,nr=1,chardev=runner"],
        *["-virtfs", f"{root},multidevs=remap", "-device", "virtio-rng-pci"],
        *["-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,id=nic"],
        *["-device", "qemu-xhci,id=usb,p2=8,p3=8"],
    ]


def _options(folder, name):
    return ["-chardev", f"socket,id=runner,path={folder}/{name}.runner,server=on,wait=off"]


def _image(store: Cache, linux):
    built, init = programs.get(store), IMAGES / "host-init"

    def make(folder):
        image = Initramfs()
        for mount in ("dev", "proc", "sys", "machine", "memory", "root"):
            image.add_folder(mount)
        image.add("init", init)
        image.add("bin/busybox", pathlib.Path("/bin/busybox"))
        for name in PROGRAMS:
            image.add(f"bin/{name}", built / name)
        for file in sorted((linux / "host").iterdir()):
            image.add(f"modules/host/{file.name}", file)
        image.write(folder / "initramfs")

    key = digest(linux.name, built.name, init, pathlib.Path(__file__))
    return store.item("host-image", key, make)


def _wait_ready(qemu):
    lines = SocketLines(qemu.name, qemu.socket("runner"))
    lines.wait("^READY to continue", timeout=120)
    lines.close()
