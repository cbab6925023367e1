# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""QEMU machines: started, asked over QMP, saved once and restored for each use."""

import functools
import itertools
import json
import signal
import subprocess
import time

from .cache import digest
from .lines import SocketLines

PROGRAM = "qemu-system-x86_64"


@functools.cache
def version():
    return subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout


class Qmp:
    def __init__(self, path):
        self._lines = SocketLines("qmp", path)
        self._lines.wait('"QMP"')
        self._ids = itertools.count(1)
        self("qmp_capabilities")

    def __call__(self, command, **arguments):
        number, mark = next(self._ids), self._lines.mark()
        request = {"execute": command, "arguments": arguments, "id": number}
        self._lines.send(json.dumps(request))
        answer = json.loads(self._lines.wait(rf'"id": {number}\b', mark).string)
        if "error" in answer:
            raise RuntimeError(f"qmp {command}: {answer['error']['desc']}")
        return answer["return"]


class Qemu:
    """One running QEMU. Sockets and logs are in `folder`, named after the machine."""

    def __init__(self, name, folder, arguments):
        self.name, self.folder = name, folder
        self.console = folder / f"{name}.console"
        common = [
            *["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
            *["-chardev", f"file,id=console,path={self.console}", "-serial", "chardev:console"],
            *["-qmp", f"unix:{self.socket('qmp')},server=on,wait=off"],
        ]
        with open(folder / f"{name}.log", "wb") as log:
            self.process = subprocess.Popen(
                [PROGRAM, *common, *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            self.qmp = Qmp(self.socket("qmp"))
        except BaseException:
            self.stop()
            raise RuntimeError(f"{name}: {(folder / f'{name}.log').read_text()}") from None

    def socket(self, port):
        return self.folder / f"{self.name}.{port}"

    def stop(self):
        """Ends the process, however it is."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def save(self, path):
        self.qmp("stop")
        self.qmp("migrate", uri=f"exec:cat >{path}")
        self._wait_migrated()

    def load(self, path):
        """For a machine started with `-incoming defer`."""
        self.qmp("migrate-incoming", uri=f"exec:cat {path}")
        self._wait_migrated()
        self.qmp("cont")

    def _wait_migrated(self):
        deadline = time.monotonic() + 60
        while (status := self.qmp("query-migrate").get("status")) != "completed":
            if status == "failed" or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name}: saving or restoring the state: {status}")
            time.sleep(0.01)


def start_saved(store, name, folder, arguments, when_ready, free=()):
    """A machine in the state it had when when_ready(qemu) returned after its first boot.

    The state is made once and cached by QEMU's version and the key of the arguments, which must
    not hold names of temporary files; those, and all that may differ from the saved machine (as
    SPICE addresses), come in `free(folder)`.
    """

    def make(target):
        qemu = Qemu(f"{name}-save", folder, [*arguments, *free(folder, f"{name}-save")])
        try:
            when_ready(qemu)
            qemu.save(target / "state")
        finally:
            qemu.stop()

    saved = store.item(f"state-{name}", digest(version(), "\0".join(map(str, arguments))), make)
    qemu = Qemu(name, folder, [*arguments, *free(folder, name), "-incoming", "defer"])
    try:
        qemu.load(saved / "state")
    except BaseException:
        qemu.stop()
        raise
    return qemu
