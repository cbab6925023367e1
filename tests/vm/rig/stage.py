# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""What every scenario starts from, and what must hold after every way home."""

import time

from . import codes, daemon, guest
from .card import Card
from .daemon import Daemon
from .devices import VirtualInput
from .guest import GuestVm
from .monitors import Monitors
from .sound import Desktop

# A way home is decided at once; the bound is what emulation on a busy machine may add to it.
AT_ONCE = 0.3
TARGET = "guest"
STALL = 2.0  # seconds that a guest may acknowledge nothing


class Wrong(AssertionError):
    """What a scenario found to be wrong."""


def check(is_right, text):
    if not is_right:
        raise Wrong(text)


def ms(seconds):
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


class Stage:
    """Both machines, for all scenarios; a fresh daemon and fresh devices for each."""

    def __init__(self, store, folder, host):
        self._store, self._folder = store, folder
        self.host = host
        self.guest = GuestVm(store, folder)
        self.observer = self.host.watch()
        self.hand = VirtualInput(self.host, self.observer)
        self.daemon = Daemon(self.host)
        self.monitors = Monitors(self.host)
        self._plugged = set()
        self._card = None
        self._desktop = None

    @property
    def desktop(self):
        """The host's PipeWire; it takes some seconds to start, so only who needs it does that."""
        if self._desktop is None:
            self._desktop = Desktop(self.host)
            self._desktop.wait_ready()
        return self._desktop

    def begin(self, config=None):
        """The daemon is inactive and connected, a keyboard and a mouse are there, all is neutral."""
        if not self.guest_is_there():
            self.replace_guest()
        self.configure(config or self.config())
        for name in ("keyboard", "mouse"):
            self.plug(name)
        self.daemon.start()
        self.daemon.wait_connection(TARGET)

    def end(self):
        """Back to nothing, whatever the scenario left."""
        self.guest.qemu.thaw()
        if self._desktop:
            self._desktop.stop_session()
        # Monitors that are left away, too, are none of the next one's.
        self.host.run("systemctl stop spicykvmd; systemctl reset-failed; rm -rf /run/spicykvm", check=False)
        for name in list(self._plugged):
            self.unplug(name)
        if self._card:
            self._card.remove()
        if self.guest_is_there() and self.guest.watcher.down():
            self.guest.stop()  # what this scenario is to blame for must not fail the next one

    def guest_is_there(self):
        return self.guest.qemu.process.poll() is None

    def stop(self):
        self.host.stop()
        self.guest.stop()

    def config(self, extra="", **settings):
        """The usual one; `extra` is for the target, the others as in daemon.settings()."""
        settings.setdefault("devices", '[{ name = "Virtual *" }]')
        settings.setdefault("stall_timeout_ms", int(STALL * 1000))
        return daemon.settings(**settings) + daemon.target(TARGET, self.host, self.guest, extra)

    def configure(self, text, password=guest.PASSWORD):
        self.daemon.configure(text, password)

    def replace_guest(self, ps2=False):
        """A new VM behind the same address, as after a reboot of the machine it runs on."""
        self.guest.stop()
        self.guest = GuestVm(self._store, self._folder, self.guest.address, ps2)

    def plug_card(self, **connectors):
        """A graphics card (see Card) until the scenario ends."""
        self._card = Card(self.host, self._store, **connectors)
        return self._card

    def plug(self, name, kind=None):
        self._plugged.add(name)
        return self.hand.plug(name, kind)

    def unplug(self, name):
        self._plugged.discard(name)
        return self.hand.unplug(name)

    def now(self):
        """The host's time, as exactly as a message to it is quick."""
        return self.host.signal(1, 0)

    def go(self):
        """Keyboard and mouse are in the guest."""
        self.daemon.activate()
        self.type_to_guest("ok")

    def type_to_guest(self, text):
        host, far = self.observer.mark(), self.guest.watcher.mark()
        self.hand.type(text)
        self.wait_keys(self.guest.watcher, far, codes.typed(text))
        self.observer.fence()
        check(not self.observer.keys(host), "the host saw what was typed for the guest")

    def hold_in_guest(self, *names):
        """Keys that are physically down, and that the guest's kernel holds for down."""
        for name in names:
            self.hand.key(name, 1)
        self.wait_down(self.guest.watcher, set(map(codes.code, names)))

    def mark(self, device="keyboard"):
        """Where a way home begins; from now on the time is taken, on a device."""
        self.hand.beacon(device=device)
        time.sleep(0.02)  # some are kept from the host by the grab, or there is no gap to see
        return self.observer.mark(), self.daemon.mark()

    def back_after(self, cause, mark, timeout=30.0):
        """Seconds from the cause until the keyboard's reports reached the host again."""
        found = self.observer.lines.wait(r"^MISSED \S+ \d+ (\S+)", mark[0], timeout)
        self.hand.beacon(0)
        return float(found[1]) - cause

    def home(self, cause, mark, reason=None, limit=AT_ONCE, held=(), device="keyboard"):
        """Checks a way home whole, and says how long it took."""
        took = self.back_after(cause, mark, timeout=limit + 20)
        if reason:
            self.daemon.finished(reason, mark[1])
        self.check_neutral(held)
        self.check_host_has(device)
        check(took <= limit, f"the keyboard was back only after {ms(took)}, at most {ms(limit)}")
        return f"keyboard back after {ms(max(took, 0))}"

    def check_neutral(self, held=()):
        """No key is down in either kernel but those that a hand still holds, in the host's."""
        if self.guest_is_there():
            self.wait_down(self.guest.watcher, set())
        down = self.observer.down()
        physical = set(map(codes.code, held))
        check(down <= physical, f"the host holds {_names(down - physical)} for pressed")

    def check_host_has(self, device="keyboard"):
        """What is pressed now arrives at the host, and only there."""
        self.observer.fence()  # else what was released just before might be heard now
        host, far = self.observer.mark(), self.guest.watcher.mark()
        pressed = "BTN_RIGHT" if device == "mouse" else "KEY_F9"
        self.hand.tap(pressed, device=device)
        number = codes.code(pressed)
        self.wait_keys(self.observer, host, [(number, 1), (number, 0)])
        if self.guest_is_there():
            self.guest.watcher.fence()
            check(not self.guest.watcher.keys(far), "the guest still received a key")

    def wait_keys(self, watcher, mark, expected, timeout=10.0):
        self.wait_until(lambda: watcher.keys(mark), expected, watcher, timeout, "delivered")

    def wait_motion(self, watcher, mark, expected, timeout=10.0):
        self.wait_until(lambda: watcher.motion(mark), expected, watcher, timeout, "delivered")

    def wait_down(self, watcher, expected, timeout=10.0):
        self.wait_until(watcher.down, expected, watcher, timeout, "holds for pressed")

    def wait_until(self, read, expected, watcher, timeout, verb):
        deadline = time.monotonic() + timeout
        while (now := read()) != expected:
            side = "host" if watcher is self.observer else "guest"
            check(time.monotonic() < deadline, f"the {side} {verb} {now}, not {expected}")
            time.sleep(0.02)
            watcher.fence()


def _names(numbers):
    return ", ".join(sorted(map(codes.name, numbers)))
