# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""spicykvmd on a host: installed, configured, started, called and watched."""

import itertools
import re
import signal
import subprocess
import time

BUS = "org.spicykvm.Manager /org/spicykvm/Manager org.spicykvm.Manager"


def install(build, folder):
    """What `cmake --install` puts in place, below `folder`."""
    subprocess.run(
        ["cmake", "--install", build, "--prefix", "/usr"],
        env={"DESTDIR": str(folder), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return folder


def settings(hotkeys='toggle = "tap(rightctrl)"', **more):
    """The first part of a configuration; `more` is for [input]. The rig's devices are virtual."""
    lines = "".join(f"{key} = {value}\n" for key, value in more.items())
    return f"[hotkeys]\n{hotkeys}\n\n[input]\nvirtual_devices = true\n{lines}\n"


def target(name, host, guest, extra=""):
    """The part of the configuration that names a guest."""
    where, port = host.guest_host, guest.address[1]
    # QEMU's user network between the two machines stands for a wire that nobody else is on.
    insecure = "insecure = true\n" if where != "127.0.0.1" else ""
    return (
        f'[[target]]\nname = "{name}"\nuri = "spice://{where}:{port}"\n{insecure}'
        f'password = {{ file = "{host.etc}/guest.password" }}\n{extra}'
    )


class Daemon:
    """The daemon as a service of the host, and a client of it that never sleeps."""

    def __init__(self, host):
        self.host = host
        self._ids = itertools.count(1)
        self.bus = host.start_tool("buswatch")

    def configure(self, text, password):
        secret = f"{self.host.etc}/guest.password"
        self.host.write(f"{self.host.etc}/config.toml", text)
        self.host.write(secret, password, mode="600")
        self.host.run(f"chown spicykvm: {secret}", check=False)

    def start(self):
        """Returns once the daemon says that it is ready."""
        mark = self.bus.mark()
        try:
            self.host.start_daemon()
            self.wait("State", "inactive", mark)
        except (RuntimeError, TimeoutError) as error:
            raise RuntimeError(f"spicykvmd does not start: {self.host.daemon_log()}") from error

    def stop(self):
        self.host.stop_daemon()

    def pid(self):
        return self.host.daemon_pid()

    def call(self, method, argument=None, timeout=30.0):
        """Calls a method; (sent, answered) in the host's time. RuntimeError if it fails."""
        name, mark = f"c{next(self._ids)}", self.bus.mark()
        self.bus.send(f"{name} {method}" + (f" {argument}" if argument else ""))
        return self._answer(name, method, mark, timeout)

    def _answer(self, name, method, mark, timeout):
        answer = self.bus.wait(rf"^(OK|ERROR) {name} (\S+) (\S+)(.*)", mark, timeout)
        if answer[1] == "ERROR":
            raise RuntimeError(f"{method}:{answer[4]}")
        return float(answer[2]), float(answer[3])

    def mark(self):
        return self.bus.mark()

    def wait(self, name, value, mark, timeout=30.0):
        """When a property had this value, in the host's time."""
        match = self.bus.wait(rf"^PROPERTY (\S+) {name} {re.escape(value)}$", mark, timeout)
        return float(match[1])

    def states(self, mark=0):
        """[(time here, state)], each change of State."""
        pattern = re.compile(r"^PROPERTY \S+ State (\S+)")
        return [(at, m[1]) for at, text in self.bus.since(mark) if (m := pattern.match(text))]

    @property
    def state(self):
        states = self.states()
        return states[-1][1] if states else None

    def activate(self):
        mark = self.mark()
        self.call("Activate")
        return self.wait("State", "active", mark)

    def finished(self, reason, mark, timeout=30.0):
        """When a switch ended for this reason, in the host's time."""
        return float(self.bus.wait(rf"^FINISHED (\S+) \S+ {reason}$", mark, timeout)[1])

    def steps(self, mark):
        """{step: (outcome, reason)} of the switches that ended since a mark; the last of each name."""
        pattern = re.compile(r"^STEP (\S+) (\S+) (.*)$")
        told = (pattern.match(text) for _, text in self.bus.since(mark))
        return {match[1]: (match[2], match[3]) for match in told if match}

    def connection(self, name):
        """"connected", "waiting", ... of a target; empty without a daemon."""
        path = f"/org/spicykvm/target/{name} org.spicykvm.Target Connection"
        asked = f"busctl --system get-property org.spicykvm.Manager {path}"
        return self.host.run(asked, check=False).out.removeprefix("s ").strip('"')

    def wait_connection(self, name, value="connected", timeout=30.0):
        deadline = time.monotonic() + timeout
        while (now := self.connection(name)) != value:
            if time.monotonic() > deadline:
                raise TimeoutError(f"target {name} is {now!r}, not {value!r}")
            time.sleep(0.1)

    def counters(self):
        """org.spicykvm.Metrics as {name: number}."""
        path = "/org/spicykvm/Metrics org.spicykvm.Metrics Counters"
        told = self.host.run(f"busctl --system get-property org.spicykvm.Manager {path}").out
        return {name: int(value) for name, value in re.findall(r'"(\w+)" (\d+)', told)}

    def kill(self, number=signal.SIGKILL):
        return self.host.signal(self.pid(), number)
