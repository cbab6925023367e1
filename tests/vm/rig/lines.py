# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Line-based conversations with programs: everything that was said is kept, with its time."""

import re
import socket
import threading
import time


class Lines:
    """The lines heard from one peer so far, and waiting for the next ones."""

    def __init__(self, name):
        self.name = name
        self._heard = []
        self._changed = threading.Condition()
        self.is_closed = False

    def feed(self, text):
        with self._changed:
            self._heard.append((time.monotonic(), text))
            self._changed.notify_all()

    def close_feed(self):
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()

    def mark(self):
        """A position in the history, for `wait` and `since`."""
        with self._changed:
            return len(self._heard)

    def since(self, mark=0):
        """[(time, text)] from a mark on."""
        with self._changed:
            return self._heard[mark:]

    def wait(self, pattern, after=0, timeout=30.0):
        """The first match of a regular expression in a line after a mark; TimeoutError if none."""
        expression = re.compile(pattern)
        deadline = time.monotonic() + timeout
        position = after
        with self._changed:
            while True:
                for _, text in self._heard[position:]:
                    position += 1
                    if match := expression.search(text):
                        return match
                left = deadline - time.monotonic()
                if left <= 0 or self.is_closed:
                    tail = [text for _, text in self._heard[max(after, position - 8) :]]
                    why = "closed" if self.is_closed else f"{timeout} s"
                    raise TimeoutError(f"{self.name}: no {pattern!r} ({why}); last heard: {tail}")
                self._changed.wait(left)


class SocketLines(Lines):
    """Lines over a unix socket that a QEMU character device listens on."""

    def __init__(self, name, path, timeout=30.0):
        super().__init__(name)
        self._socket = _connect(path, timeout)
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, line):
        self._socket.sendall(line.encode() + b"\n")

    def close(self):
        self._socket.close()

    def _read(self):
        rest = b""
        while True:
            try:
                data = self._socket.recv(65536)
            except OSError:
                data = b""
            if not data:
                return self.close_feed()
            *complete, rest = (rest + data).split(b"\n")
            for line in complete:
                self.feed(line.decode(errors="replace").rstrip("\r"))


class PipeLines(Lines):
    """Lines over stdin and stdout of a child process."""

    def __init__(self, name, child):
        super().__init__(name)
        self._child = child
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, line):
        self._child.stdin.write(line.encode() + b"\n")
        self._child.stdin.flush()

    def close(self):
        self._child.stdin.close()

    def _read(self):
        for line in self._child.stdout:
            self.feed(line.decode(errors="replace").rstrip("\n"))
        self.close_feed()


def _connect(path, timeout):
    deadline = time.monotonic() + timeout
    while True:
        try:
            peer = socket.socket(socket.AF_UNIX)
            peer.connect(str(path))
            return peer
        except OSError:
            peer.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
