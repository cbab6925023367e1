# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""What `apt-get install` of the packages makes of a Debian."""

import re

from rig import daemon
from rig.debian_host import USER
from rig.stage import TARGET, check
from rig.system_stage import CREDENTIAL

from .registry import system_scenario

# systemd's view of the confinement; that of the kernel is in /proc/PID/status.
UNIT = {
    "User": "spicykvm",
    "DevicePolicy": "closed",
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "CapabilityBoundingSet": "",
}


def _check_user(stage):
    """The user id of spicykvmd."""
    name, _, uid, _, _, _, shell = stage.host.run("getent passwd spicykvm").out.split(":")
    check(0 < int(uid) < 1000, f"{name} has the user id {uid}: it is no system user")
    check(shell.endswith("nologin"), f"{name} could log in, with {shell}")
    stage.host.run("getent group input i2c")
    return int(uid)


def _check_confinement(stage, uid):
    told = stage.host.run(f"systemctl show spicykvmd -p {','.join(UNIT)}").out
    found = dict(line.split("=", 1) for line in told.splitlines())
    check(found == UNIT, f"the unit has {found}, not {UNIT}")
    text = stage.host.run(f"cat /proc/{stage.daemon.pid()}/status").out
    status = {name: value.strip() for name, value in re.findall(r"^(\w+):(.*)$", text, re.MULTILINE)}
    check(status["Uid"].split() == [str(uid)] * 4, f"it runs as {status['Uid']}")
    for capabilities in ("CapEff", "CapPrm", "CapBnd", "CapAmb"):
        check(int(status[capabilities], 16) == 0, f"{capabilities} is {status[capabilities]}")
    check(status["Seccomp"] == "2", "no filter of system calls")
    check(status["NoNewPrivs"] == "1", "it may get new privileges")


def _check_tags(stage):
    for name in ("keyboard", "mouse"):
        node = stage.plug(name)
        told = stage.host.run(f"udevadm info -q property --property=TAGS --value /dev/input/{node}").out
        check(":spicykvm:" in told, f"udev gave {name} the tags {told!r}")


@system_scenario("apt-get installs: a confined service of its own user, and sound for who sits there", begins=False)
def installed(stage):
    if stage.is_installed():
        stage.remove("purge")
    done = stage.install()
    check(stage.is_installed(), "dpkg does not call it installed")
    uid = _check_user(stage)
    stage.host.run("systemctl is-enabled -q spicykvmd && systemctl is-active -q spicykvmd")
    _check_confinement(stage, uid)
    bus = "org.freedesktop.DBus / org.freedesktop.DBus GetConnectionUnixUser s org.spicykvm.Manager"
    owner = stage.host.run(f"busctl --system call {bus}").out
    check(owner == f"u {uid}", f"the bus name is owned by {owner}, not by {uid}")
    _check_tags(stage)
    stage.host.run("test -d /sys/module/i2c_dev")
    stage.user.run("systemctl --user is-active -q spicykvm-session")
    whose = stage.host.run("ps -o user= -C spicykvm-session").out.strip()
    check(whose == USER, f"spicykvm-session runs as {whose!r}")
    stage.user.run("spicykvmctl status")
    took = done.end - done.start
    return f"apt-get took {took:.1f} s; {daemon.BUS.split()[0]} is of user {uid}"


@system_scenario("a configuration and a credential are all that the first switch needs", begins=False)
def first_switch(stage):
    stage.install()
    stage.configure(stage.config())
    for name in ("keyboard", "mouse"):
        stage.plug(name)
    readable = stage.as_stranger(f"cat {CREDENTIAL}")
    check(readable.status != 0, "another user can read the password")
    stage.user.run("spicykvmctl targets")
    stage.host.run("systemctl restart spicykvmd")
    stage.daemon.wait_connection(TARGET)
    stage.user.run("spicykvmctl activate")
    stage.type_to_guest("first")
    mark = stage.mark()
    done = stage.user.run("spicykvmctl deactivate")
    return stage.home(done.start, mark, "request", limit=2)
