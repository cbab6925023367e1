# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""A simulated monitor as its I2C bus shows it: EDID at 0x50, DDC/CI at 0x37, and bad manners."""

import contextlib
import functools
import math
import operator
import threading
import time
from typing import NamedTuple

EDID, DISPLAY = 0x50, 0x37
INPUT, BRIGHTNESS = 0x60, 0x10
DP1, DP2, HDMI1, HDMI2 = 0x0F, 0x10, 0x11, 0x12  # inputs of MCCS 2.2
NAMES = {DP1: "displayport-1", DP2: "displayport-2", HDMI1: "hdmi-1", HDMI2: "hdmi-2"}
NULL = bytes([0x6E, 0x80, 0xBE])  # "I have nothing to say"
GET, GOT, SET = 1, 2, 3

NEVER = object()  # an answer that does not come


class Transfer(NamedTuple):
    """One transfer at the bus: `answer` is None for a NACK, NEVER for none."""

    at: float
    kind: str  # "write" or "read"
    address: int
    data: bytes  # written
    answer: object


def _sum(seed, data):
    return functools.reduce(operator.xor, data, seed)


def _edid(product, name):
    block = bytearray(128)
    block[:8] = b"\0\xff\xff\xff\xff\xff\xff\0"
    block[8:12] = bytes([0x49, 0x27]) + product.to_bytes(2, "little")  # manufacturer RIG
    block[16:20] = bytes([1, 33, 1, 3])  # a week of 2023; EDID 1.3
    block[20:25] = bytes([0x80, 60, 34, 0x78, 0x2A])  # digital, 60 x 34 cm
    block[72:90] = b"\0\0\0\xfc\0" + name.encode().ljust(13, b"\n")[:13]
    block[127] = -sum(block) & 0xFF
    return bytes(block)


class Monitor:
    """Answers write() and read() of an adapter; its attributes may be changed at any time.

    `cable` is the input on which this bus comes in. What it does wrong:
    deaf     shows another input: refuses everything at 0x37, as most monitors do
    refuse   so many of the next transfers at 0x37 are answered with a NACK
    hang     so many of the next transfers at 0x37 are never answered
    busy     so many of the next replies are null messages
    doubled  replies begin twice
    swallow  so many of the next sets are acknowledged and forgotten
    bounce   so many of the next sets of the input are obeyed and taken back at once
    """

    def __init__(self, name="rig", cable=HDMI1, product=0x40):
        self.name, self.cable = name, cable
        self.features = {INPUT: (cable, HDMI2), BRIGHTNESS: (50, 100)}  # current, maximum
        self._edid, self._offset = _edid(product, name), 0
        self._reply = NULL
        self._transfers = []
        self.cable_is_pulled = False  # nobody answers at all
        self._shown = [(time.monotonic(), cable)]
        self.unanswered = 0  # transfers that the machine still waits for
        self._changed = threading.Condition()
        self.behave()

    def behave(self):
        """No bad manners any more."""
        self.is_deaf = self.is_doubled = False
        self.refuse = self.hang = self.busy = self.swallow = self.bounce = 0

    @property
    def input(self):
        return self.features[INPUT][0]

    @input.setter
    def input(self, value):
        with self._changed:
            self._show(value)
            self._changed.notify_all()

    def shown(self):
        """[(time, input)]: the one it began with, then each one it changed to."""
        with self._changed:
            return self._shown[:]

    def _show(self, value):
        if value != self.input:
            self._shown.append((time.monotonic(), value))
        self.features[INPUT] = (value, HDMI2)

    def mark(self):
        """A position in the list of transfers, for `transfers` and `sets`."""
        with self._changed:
            return len(self._transfers)

    def transfers(self, mark=0):
        with self._changed:
            return self._transfers[mark:]

    def sets(self, mark=0):
        """[(feature, value)] of all sets that arrived well, obeyed or not."""
        with self._changed:
            return [
                (t.data[3], int.from_bytes(t.data[4:6], "big"))
                for t in self._transfers[mark:]
                if t.kind == "write" and t.answer == b"" and _is_request(t, SET)
            ]

    def wait(self, condition, what, timeout=30.0):
        """Until condition() holds; it is asked after each transfer."""
        with self._changed:
            if not self._changed.wait_for(condition, timeout):
                last = [f"{t.kind} {t.data.hex()}" for t in self._transfers[-6:]]
                raise TimeoutError(f"monitor {self.name}: not {what}; the last transfers: {last}")

    def wait_input(self, value, timeout=30.0):
        self.wait(lambda: self.input == value, f"at input {value:#x} but {self.input:#x}", timeout)

    def write(self, address, data):
        """b"" for an ACK; None; NEVER."""
        with self._changed:
            return self._note("write", address, data, self._write(address, data))

    def read(self, address, size):
        """`size` bytes; None; NEVER."""
        with self._changed:
            return self._note("read", address, b"", self._read(address, size))

    def given_up(self):
        """The machine waits no longer for one of the answers that never come."""
        with self._changed:
            self.unanswered -= 1
            self._changed.notify_all()

    def _note(self, kind, address, data, answer):
        self.unanswered += answer is NEVER
        self._transfers.append(Transfer(time.monotonic(), kind, address, bytes(data), answer))
        self._changed.notify_all()
        return answer

    def _write(self, address, data):
        if self.cable_is_pulled:
            return None
        if address == EDID:
            self._offset = data[0] if data else self._offset
            return b""
        if (manner := self._manner(address)) is not None:
            return None if manner == "refuse" else NEVER
        self._reply = NULL
        if len(data) >= 4 and _sum(0x6E, data) == 0:
            self._obey(data[2 : 2 + (data[1] & 0x7F)])
        return b""

    def _read(self, address, size):
        if self.cable_is_pulled:
            return None
        if address == EDID:
            found = bytes(self._edid[(self._offset + i) % 128] for i in range(size))
            self._offset = (self._offset + size) % 128
            return found
        if (manner := self._manner(address)) is not None:
            return None if manner == "refuse" else NEVER
        reply = NULL if self._take("busy") else self._reply
        return ((b"\x6e" if self.is_doubled else b"") + reply).ljust(size, b"\0")[:size]

    def _manner(self, address):
        if address != DISPLAY or (self.is_deaf and self.input != self.cable):
            return "refuse"
        return next((manner for manner in ("hang", "refuse") if self._take(manner)), None)

    def _take(self, manner):
        left = getattr(self, manner)
        setattr(self, manner, max(0, left - 1))
        return left > 0

    def _obey(self, payload):
        operation, code = payload[0], payload[1] if len(payload) > 1 else 0
        if operation == GET:
            current, maximum = self.features.get(code, (0, 0))
            missing = code not in self.features
            body = bytes([GOT, missing, code, 0]) + b"%c%c%c%c" % (
                *maximum.to_bytes(2, "big"), *current.to_bytes(2, "big")
            )  # fmt: skip
            head = bytes([0x6E, 0x80 | len(body)]) + body
            self._reply = head + bytes([_sum(0x50, head)])
        elif operation == SET and len(payload) == 4 and not self._take("swallow"):
            value = int.from_bytes(payload[2:4], "big")
            if code == INPUT:
                before = self.input
                self._show(value)
                self._show(before if self._take("bounce") else value)
            else:
                self.features[code] = (value, self.features.get(code, (0, 0xFF))[1])


def _is_request(transfer, operation):
    data = transfer.data
    return transfer.address == DISPLAY and len(data) >= 6 and data[2] == operation


FOREVER = math.inf


@contextlib.contextmanager
def manners(monitor, **wrong):
    """Bad ones meanwhile, e.g. manners(left, refuse=FOREVER)."""
    for name, value in wrong.items():
        setattr(monitor, name, value)
    try:
        yield
    finally:
        monitor.behave()
