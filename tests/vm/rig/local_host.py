# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The machine with the keyboard: this machine itself, where it has /dev/uinput, udev and root."""

import os
import pathlib
import subprocess

from . import programs
from .host import Host
from .lines import PipeLines

BUS_CONFIG = """<busconfig>
  <type>system</type>
  <listen>unix:path={folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <deny own="*"/>
    <deny send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_type="method_return"/>
    <allow send_type="error"/>
    <allow receive_type="*"/>
    <allow send_destination="org.freedesktop.DBus"/>
  </policy>
  <policy user="root"><allow own="*"/><allow send_type="method_call"/></policy>
  <includedir>{payload}/usr/share/dbus-1/system.d</includedir>
</busconfig>
"""

# The desktop of this machine must not take the virtual devices for real ones and type along.
UDEV_RULE = pathlib.Path("/run/udev/rules.d/70-spicykvm-test.rules")
UDEV_RULE_TEXT = (
    'SUBSYSTEM=="input", ATTRS{phys}=="spicykvm-test/*", ENV{LIBINPUT_IGNORE_DEVICE}="1"\n'
)


def is_possible():
    """Whether this machine can be the host: a real kernel's evdev, fed by a running udev."""
    return (
        os.geteuid() == 0
        and os.access("/dev/uinput", os.R_OK | os.W_OK)
        and os.path.exists("/run/udev/control")
    )


class LocalHost(Host):
    """The daemon of `payload` on a private bus, on this machine; nothing is installed."""

    description = "this machine: its own evdev, a private D-Bus"

    def __init__(self, store, folder, payload):
        self._payload = payload
        self._daemon = None
        self.etc = f"{folder}/etc"
        tools = programs.get(store)
        self._child = subprocess.Popen(
            [tools / "runner"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        lines = PipeLines("runner", self._child)
        lines.wait("^READY")
        super().__init__(lines, tools)
        UDEV_RULE.parent.mkdir(parents=True, exist_ok=True)
        UDEV_RULE.write_text(UDEV_RULE_TEXT)
        self.run("udevadm control --reload")
        config = folder / "bus.conf"
        config.write_text(BUS_CONFIG.format(folder=folder, payload=payload))
        self.spawn(f"dbus-daemon --config-file={config} --nofork --print-address").wait("unix:")
        self.environment = {
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/bus",
            "PATH": f"{payload}/usr/bin:{payload}/usr/sbin:{os.environ['PATH']}",
        }

    def start_daemon(self):
        program = next(pathlib.Path(self._payload).rglob("spicykvmd"))
        command = f"exec {program} --config {self.etc}/config.toml --bus system"
        self._daemon = self.spawn(f"echo $$; {command}")

    def stop_daemon(self):
        self._daemon.kill(15)
        self._daemon.wait_done(20)

    def daemon_pid(self):
        return int(self._daemon.wait(r"^\d+$").string)

    def daemon_log(self):
        return "\n".join(text for _, text in self._daemon.errors.since()[-40:])

    def stop(self):
        UDEV_RULE.unlink(missing_ok=True)
        self._child.stdin.close()
        self._child.wait(10)
