# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""An I2C adapter on a VM's USB, so that its kernel has a real /dev/i2c-N.

Speaks usbredir (usb-redirection-protocol.txt of the project usbredir) with QEMU's device usb-redir
and is, for the VM, the USB device that the kernel's stock driver i2c-tiny-usb is for.
"""

import socket
import struct
import threading

from .monitor import NEVER

# usbredir: types of packets, capabilities and states.
HELLO, CONNECT, INTERFACES, ENDPOINTS = 0, 1, 4, 5
SET_CONFIGURATION, GET_CONFIGURATION, CONFIGURATION_STATUS = 6, 7, 8
SET_ALTERNATE, GET_ALTERNATE, ALTERNATE_STATUS = 9, 10, 11
CANCEL, CONTROL = 21, 100
# An xHCI wants connect_device_version, ep_info_max_packet_size, 64bits_ids and 32bits_bulk_length.
CAPABILITIES = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 6
DONE, CANCELLED, STALL = 0, 1, 4
FULL_SPEED, VENDOR_CLASS, NO_ENDPOINT = 1, 0xFF, 0xFF

# USB, and what the driver i2c-tiny-usb sends.
VENDOR, PRODUCT, RELEASE = 0x0403, 0xC631, 0x0205
IN, TYPE_MASK, TYPE_VENDOR = 0x80, 0x60, 0x40
GET_STATUS, GET_DESCRIPTOR = 0, 6
DEVICE, CONFIGURATION, STRING = 1, 2, 3
GET_FUNCTIONS, SET_DELAY, GET_RESULT, TRANSFER = 1, 2, 3, 4
FUNCTIONS = 0x00000001 | 0x0EFF0008  # I2C_FUNC_I2C, I2C_FUNC_SMBUS_EMUL
ACKED, NACKED = 1, 2

DEVICE_DESCRIPTOR = struct.pack(
    "<BBHBBBBHHHBBBB",
    *[18, DEVICE, 0x0110, VENDOR_CLASS, 0, 0, 8, VENDOR, PRODUCT, RELEASE, 0, 0, 1, 1],
)
CONFIGURATION_DESCRIPTOR = struct.pack(
    "<BBHBBBBB9B",
    *[9, CONFIGURATION, 18, 1, 1, 0, 0x80, 50],
    *[9, 4, 0, 0, 0, VENDOR_CLASS, 0, 0, 0],
)
CONTROL_HEADER = struct.Struct("<BBBBHHH")  # endpoint, request, type, status, value, index, length


class I2cUsb:
    """Plugged in as soon as it is made; whatever is on the bus is its `monitor`.

    `serial` is how the VM tells it from others: .../serial of its USB device in sysfs.
    """

    def __init__(self, path, monitor, serial):
        self.monitor, self._serial = monitor, serial
        self._result = 0
        self._wide = False  # 64-bit ids, once both have said hello
        self._unanswered = {}  # id: the monitor that was asked
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(str(path))
        threading.Thread(target=self._run, daemon=True).start()

    def close(self):
        """Unplugs it."""
        self._socket.shutdown(socket.SHUT_RDWR)

    def _run(self):
        self._send(HELLO, b"spicykvm-test".ljust(64, b"\0") + struct.pack("<I", CAPABILITIES))
        try:
            while True:
                kind, size = struct.unpack("<II", self._receive(8))
                number = int.from_bytes(self._receive(8 if self._wide else 4), "little")
                self._on_packet(kind, number, self._receive(size))
        except (EOFError, OSError):
            self._socket.close()

    def _receive(self, size):
        data = b""
        while len(data) < size:
            if not (more := self._socket.recv(size - len(data))):
                raise EOFError
            data += more
        return data

    def _send(self, kind, body, number=0):
        header = struct.pack("<IIQ" if self._wide else "<III", kind, len(body), number)
        self._socket.sendall(header + body)

    def _on_packet(self, kind, number, body):
        if kind == HELLO:
            self._wide = True
            self._announce()
        elif kind in (SET_CONFIGURATION, GET_CONFIGURATION):
            self._send(CONFIGURATION_STATUS, bytes([DONE, body[0] if body else 1]), number)
        elif kind in (SET_ALTERNATE, GET_ALTERNATE):
            alternate = body[1] if kind == SET_ALTERNATE else 0
            self._send(ALTERNATE_STATUS, bytes([DONE, body[0], alternate]), number)
        elif kind == CONTROL:
            self._on_control(number, CONTROL_HEADER.unpack_from(body), body[CONTROL_HEADER.size :])
        elif kind == CANCEL and number in self._unanswered:
            self._unanswered.pop(number).given_up()
            self._send(CONTROL, CONTROL_HEADER.pack(0, 0, 0, CANCELLED, 0, 0, 0), number)

    def _announce(self):
        """One interface without endpoints, but for the two directions of endpoint 0."""
        numbers, classes, none = bytes(32), bytes([VENDOR_CLASS]) + bytes(31), bytes(32)
        self._send(INTERFACES, struct.pack("<I", 1) + numbers + classes + none + none)
        types, sizes = bytearray([NO_ENDPOINT] * 32), [0] * 32
        for endpoint in (0, 16):
            types[endpoint], sizes[endpoint] = 0, 8
        self._send(ENDPOINTS, bytes(types) + none + none + struct.pack("<32H", *sizes))
        device = (FULL_SPEED, VENDOR_CLASS, 0, 0, VENDOR, PRODUCT, RELEASE)
        self._send(CONNECT, struct.pack("<BBBBHHH", *device))

    def _on_control(self, number, header, data):
        endpoint, request, kind, _, value, index, size = header
        if kind & TYPE_MASK == TYPE_VENDOR:
            answer = self._on_vendor(request, kind, index, size, data)
        else:
            answer = self._on_standard(request, kind, value)
        if answer is NEVER:
            self._unanswered[number] = self.monitor
            return
        status = STALL if answer is None else DONE
        body = (answer or b"")[:size] if kind & IN else b""
        length = len(body) if kind & IN else len(data)
        header = CONTROL_HEADER.pack(endpoint, request, kind, status, value, index, length)
        self._send(CONTROL, header + body, number)

    def _on_standard(self, request, kind, value):
        if not kind & IN:
            return b""
        if request == GET_STATUS:
            return b"\0\0"
        if request != GET_DESCRIPTOR:
            return None
        if value >> 8 == STRING:
            text = self._serial.encode("utf-16-le") if value & 0xFF else struct.pack("<H", 0x0409)
            return bytes([len(text) + 2, STRING]) + text
        return {DEVICE: DEVICE_DESCRIPTOR, CONFIGURATION: CONFIGURATION_DESCRIPTOR}.get(value >> 8)

    def _on_vendor(self, request, kind, address, size, data):
        if request == GET_FUNCTIONS:
            return struct.pack("<I", FUNCTIONS)
        if request == SET_DELAY:
            return b""
        if request == GET_RESULT:
            return bytes([self._result])
        if not request & TRANSFER:
            return None
        if kind & IN:
            answer = self.monitor.read(address, size)
        else:
            answer = self.monitor.write(address, data)
        if answer is NEVER:
            return NEVER
        self._result = NACKED if answer is None else ACKED
        return bytes(size) if answer is None else answer
