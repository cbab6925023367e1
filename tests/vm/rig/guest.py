# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The machine at the far end: a Linux kernel behind a real SPICE server, and what it received."""

import itertools
import pathlib
import re
import socket
import time
from typing import NamedTuple

from . import kernel, programs
from .cache import Cache, digest
from .initramfs import Initramfs
from .lines import SocketLines
from .qemu import Saved
from .sound import Card

IMAGES = pathlib.Path(__file__).parent.parent / "images"
PASSWORD = "only for tests"
NAME, UUID = "rig-guest", "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"


class Event(NamedTuple):
    """An input event; `heard` is when it was told here, `stamp` the time its own kernel gave it."""

    heard: float
    stamp: float
    node: str
    type: int
    code: int
    value: int


class Watcher:
    """A conversation with evwatch: the events of one kernel and the state of its devices."""

    def __init__(self, lines):
        self.lines = lines
        self._ids = itertools.count(1)

    def ask(self, command):
        """The answer's lines; all earlier events of the kernel have been heard by then."""
        name, mark = f"q{next(self._ids)}", self.lines.mark()
        self.lines.send(f"{name} {command}")
        self.lines.wait(rf"^OK {name} ", mark)
        return [text for _, text in self.lines.since(mark)]

    def mark(self):
        return self.lines.mark()

    def events(self, mark=0):
        """Key, button and motion events since a mark, without the kernel's timing chatter."""
        events = []
        for heard, text in self.lines.since(mark):
            if text.startswith("EV "):
                _, stamp, node, *numbers = text.split()
                events.append(Event(heard, float(stamp), node, *map(int, numbers)))
        return [event for event in events if event.type in (1, 2)]

    def keys(self, mark=0):
        """[(code, value)] of keys and buttons, in order; without the kernel's autorepeat."""
        keys = [event for event in self.events(mark) if event.type == 1]
        return [(event.code, event.value) for event in keys if event.value < 2]

    def motion(self, mark=0):
        """Sums since a mark: {axis: sum}, zero sums left out."""
        sums = {}
        for event in self.events(mark):
            if event.type == 2:
                sums[event.code] = sums.get(event.code, 0) + event.value
        return {axis: total for axis, total in sums.items() if total}

    def down(self):
        """Codes that the kernel itself holds for pressed (EVIOCGKEY), over all devices."""
        return self._bits("keys", "DOWN")

    def lit(self, node=r"\S+"):
        """LED codes that are on (EVIOCGLED)."""
        return self._bits("leds", "LIT", node)

    def _bits(self, command, label, node=r"\S+"):
        codes = set()
        for text in self.ask(command):
            if match := re.match(rf"{label} {node}( .*|)$", text):
                codes.update(map(int, match[1].split()))
        return codes

    def fence(self):
        self.ask("ping")

    def nodes(self):
        """{event node: name of the device}."""
        lines = [re.match(r'DEV (\S+) "(.*)"', text) for text in self.ask("devices")]
        return {match[1]: match[2] for match in lines if match}

    def wait_node(self, name, timeout=30.0):
        """The event node of a device, once it is there."""
        deadline = time.monotonic() + timeout
        while True:
            mark = self.mark()
            for node, found in self.nodes().items():
                if found == name:
                    return node
            self.lines.wait("^DEV ", mark, max(0.0, deadline - time.monotonic()))


class GuestVm:
    """`address` is a unix socket's path, or a (host, port) pair; port 0 takes a free one."""

    def __init__(self, store, folder, address=("127.0.0.1", 0), ps2=False):
        self.address = _free_port(address)
        self.qemu = _machine(store, ps2).start(store, folder, _options(self.address))
        self.watcher = Watcher(SocketLines("guest", self.qemu.socket("agent")))
        self.watcher.fence()
        self.sound = None if ps2 else Card(SocketLines("sound card", self.qemu.socket("card")))

    def drops(self):
        """Input events that QEMU itself dropped because the guest did not take them in time."""
        return (self.qemu.folder / f"{self.qemu.name}.log").read_text().count("queue full")

    def stop(self):
        self.qemu.stop()


def prepare(store, folder):
    """What the first start takes time for."""
    _machine(store, ps2=False).state(store, folder, _options(_free_port(("127.0.0.1", 0))))


def _options(address):
    """What differs from one start to the next."""
    is_unix = not isinstance(address, tuple)
    where = f"unix=on,addr={address}" if is_unix else "addr={},port={}".format(*address)
    return lambda folder, name: [
        *["-chardev", f"socket,id=agent,path={folder}/{name}.agent,server=on,wait=off"],
        *["-chardev", f"socket,id=card,path={folder}/{name}.card,server=on,wait=off"],
        *["-trace", "virtio_input_queue_full"],
        *["-object", f"secret,id=ticket,data={PASSWORD}"],
        *["-spice", f"{where},password-secret=ticket,disable-copy-paste=on"],
    ]


def _machine(store: Cache, ps2):
    kind = "guest-ps2" if ps2 else "guest"
    linux = kernel.get(store)
    arguments = [
        *["-M", "q35", "-accel", "tcg", "-m", "128", "-name", NAME, "-uuid", UUID],
        *["-kernel", linux / "vmlinux", "-initrd", _image(store, linux) / "initramfs"],
        *["-append", f"console=ttyS0 quiet mitigations=off rig.set={kind}"],
        *["-device", "virtio-serial-pci", "-device", "virtserialport,nr=1,chardev=agent"],
    ]
    if kind == "guest":
        arguments += ["-device", "virtio-keyboard-pci", "-device", "virtio-mouse-pci"]
        arguments += ["-audiodev", "spice,id=sound", "-device", "ich9-intel-hda"]
        arguments += ["-device", "hda-duplex,audiodev=sound"]
        arguments += ["-device", "virtserialport,nr=2,chardev=card"]
    return Saved(kind, arguments, _wait_ready if ps2 else _wait_card)


def _image(store: Cache, linux):
    built, init = programs.get(store), IMAGES / "guest-init"
    key = digest(linux.name, built.name, init, pathlib.Path(__file__))

    def make(folder):
        image = Initramfs()
        for mount in ("dev", "proc", "sys"):
            image.add_folder(mount)
        image.add("init", init)
        image.add("bin/busybox", pathlib.Path("/bin/busybox"))
        for name in ("evwatch", "pcm"):
            image.add(f"bin/{name}", built / name)
        for name in ("guest", "guest-ps2"):
            for file in sorted((linux / name).iterdir()):
                image.add(f"modules/{name}/{file.name}", file)
        image.write(folder / "initramfs")

    return store.item("guest-image", key, make)


def _wait_ready(qemu):
    lines = SocketLines(qemu.name, qemu.socket("agent"))
    lines.wait("^READY", timeout=120)
    # Keyboard and mouse are there before the agent starts or announced right after.
    lines.wait("^DEV.*(?i:mouse)", timeout=60)
    lines.wait("^DEV.*(?i:keyboard)", timeout=60)
    lines.close()


def _wait_card(qemu):
    _wait_ready(qemu)
    lines = SocketLines(qemu.name, qemu.socket("card"))
    lines.wait("^READY", timeout=60)
    lines.close()


def _free_port(address):
    if not isinstance(address, tuple) or address[1]:
        return address
    with socket.socket() as probe:
        probe.bind(address)
        return probe.getsockname()
