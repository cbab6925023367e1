# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Writes an initramfs: an uncompressed cpio archive in the "newc" format of the kernel."""

import pathlib
import stat


class Initramfs:
    def __init__(self):
        self._bytes = bytearray()
        self._folders = set()
        self._count = 0

    def add(self, path, source, mode=0o755):
        """A file at `path`; source is bytes, text or the file to take."""
        data = source.read_bytes() if isinstance(source, pathlib.Path) else source
        self._make_parents(path)
        self._entry(path, stat.S_IFREG | mode, data.encode() if isinstance(data, str) else data)

    def add_folder(self, path):
        self._make_parents(f"{path}/x")

    def write(self, target):
        self._entry("TRAILER!!!", 0, b"")
        target.write_bytes(self._bytes)

    def _make_parents(self, path):
        for parent in reversed(pathlib.PurePosixPath(path).parents):
            if str(parent) not in (".", "/") and parent not in self._folders:
                self._folders.add(parent)
                self._entry(str(parent), stat.S_IFDIR | 0o755, b"")

    def _entry(self, path, mode, data):
        self._count += 1
        name = path.lstrip("/").encode() + b"\0"
        fields = [self._count, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0]
        self._bytes += b"070701" + b"".join(b"%08x" % field for field in fields) + name
        self._pad()
        self._bytes += data
        self._pad()

    def _pad(self):
        self._bytes += b"\0" * (-len(self._bytes) % 4)
