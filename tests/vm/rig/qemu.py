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


class Saved:
    """A kind of machine that boots once; its state then is cached and every use starts from it.

    The state is known by QEMU's version and the arguments, which must not name temporary files.
    Those, and all that may differ from the saved machine (such as SPICE addresses), are given by
    free(folder, name).
    """

    def __init__(self, name, arguments, when_ready):
        self._name, self._arguments, self._when_ready = name, arguments, when_ready

    def state(self, store, folder, free):
        """The file; it is made if it is missing: boots, waits for when_ready(qemu), saves."""

        def make(target):
            name = f"{self._name}-save"
            qemu = Qemu(name, folder, [*self._arguments, *free(folder, name)])
            try:
                self._when_ready(qemu)
                qemu.save(target / "state")
            finally:
                qemu.stop()

        key = digest(version(), "\0".join(map(str, self._arguments)))
        return store.item(f"state-{self._name}", key, make) / "state"

    def start(self, store, folder, free):
        state = self.state(store, folder, free)
        resumed = [*self._arguments, *free(folder, self._name), "-incoming", "defer"]
        qemu = Qemu(self._name, folder, resumed)
        try:
            qemu.load(state)
        except BaseException:
            qemu.stop()
            raise
        return qemu
