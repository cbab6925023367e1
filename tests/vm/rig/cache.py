# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""What is slow to make and never changes by itself: kernel, images, programs, saved machine states."""

import fcntl
import hashlib
import os
import pathlib
import shutil
import time

UNUSED_AFTER = 14 * 24 * 3600


def default_root():
    """$SPICYKVM_TEST_CACHE, or spicykvm-tests in the user's cache directory."""
    if path := os.environ.get("SPICYKVM_TEST_CACHE"):
        return pathlib.Path(path).absolute()
    base = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(base).absolute() / "spicykvm-tests"


def digest(*parts):
    """A short hash of strings, bytes and the contents of files."""
    state = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, pathlib.Path) else part
        data = data.encode() if isinstance(data, str) else data
        state.update(b"%d:" % len(data) + data)
    return state.hexdigest()[:12]


class Cache:
    """A folder of finished items named KIND-KEY. Several runs may use it at once."""

    def __init__(self, root=None):
        self.root = pathlib.Path(root) if root else default_root()
        self.root.mkdir(parents=True, exist_ok=True)

    def has(self, kind, key):
        return (self.root / f"{kind}-{key}").is_dir()

    def item(self, kind, key, make):
        """The folder of the item; if it is missing, make(folder) fills it, once, under a lock."""
        path = self.root / f"{kind}-{key}"
        with open(self.root / f".{kind}.lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.is_dir():
                self._drop_unused(kind)
                unfinished = self.root / f".{kind}-{key}.unfinished"
                shutil.rmtree(unfinished, ignore_errors=True)
                unfinished.mkdir()
                make(unfinished)
                unfinished.rename(path)
        os.utime(path)
        return path

    def _drop_unused(self, kind):
        for old in self.root.glob(f"{kind}-*"):
            if time.time() - old.stat().st_mtime > UNUSED_AFTER:
                shutil.rmtree(old, ignore_errors=True)
