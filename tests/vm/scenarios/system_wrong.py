# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Installations that are wrong: spicykvmctl says it in one line, and what to do about it."""

import contextlib

from rig.stage import TARGET, check

from . import monitors
from .registry import system_scenario

FAILED, NOT_RUNNING, NOT_AUTHORISED = 1, 3, 4  # of spicykvmctl
DROP_IN = "/run/systemd/system/spicykvmd.service.d/wrong.conf"
POLICY = "/usr/share/dbus-1/system.d/org.spicykvm.Manager.conf"


def _check_line(stage, wanted, command="status", status=NOT_RUNNING):
    """Who sits there is told this in one line, as the error of a command."""
    done = stage.user.run(f"spicykvmctl {command}", check=False)
    lines = done.err.splitlines()
    check(len(lines) == 1 and wanted in lines[0], f"{command} says {done.err!r}, not {wanted!r}")
    check(done.status == status, f"{command} ends with {done.status}, not {status}: {lines[0]}")


def _restart(stage):
    """Whether it started: where it can't, systemd tries again until it is stopped."""
    return stage.host.run("systemctl restart spicykvmd", check=False).status == 0


@contextlib.contextmanager
def _wrong(stage, make, mend):
    """It is wrong in between, from a start to the next one."""
    stage.host.run(f"systemctl stop spicykvmd; {make}")
    try:
        started = _restart(stage)
        yield started
    finally:
        stage.host.run(f"systemctl stop spicykvmd; systemctl reset-failed; {mend}")
        stage.host.run("systemctl start spicykvmd")


def _drop_in(stage, *settings):
    text = "[Service]\\n" + "\\n".join(settings) + "\\n"
    make = f"mkdir -p {DROP_IN.rpartition('/')[0]}; printf '{text}' >{DROP_IN}; systemctl daemon-reload"
    return _wrong(stage, make, f"rm {DROP_IN}; systemctl daemon-reload")


@system_scenario("a missing user, group, bus policy or credential: why there is no service, in one line")
def not_running(stage):
    reload = "systemctl reload dbus"
    cases = {
        "the user spicykvm does not exist: systemd-sysusers": _wrong(
            stage, "userdel spicykvm", f"systemd-sysusers; {reload}"
        ),
        "a group of its unit (spicykvm, input, i2c) does not exist": _drop_in(
            stage, "SupplementaryGroups=spicykvm-nowhere"
        ),
        "org.spicykvm.Manager.conf is not in /usr/share/dbus-1/system.d": _wrong(
            stage, f"mv {POLICY} /run/policy; {reload}", f"mv /run/policy {POLICY}; {reload}"
        ),
        "can't be read by systemd (LoadCredential=)": _drop_in(
            stage, "LoadCredential=other:/etc/spicykvm/nowhere"
        ),
    }
    for wanted, wrong in cases.items():
        with wrong as started:
            check(not started, f"it starts although {wanted}")
            _check_line(stage, wanted)
    stage.daemon.wait_connection(TARGET)
    stage.user.run("spicykvmctl status")


def _check_devices(stage, wanted):
    told = stage.user.run("spicykvmctl devices").out
    check(wanted in told, f"devices says {told!r}, not {wanted!r}")


@system_scenario("devices that the unit hides or forbids, or that udev left to root: each with its reason")
def hidden(stage):
    with _drop_in(stage, "PrivateDevices=yes"):
        _check_devices(stage, "does PrivateDevices= of the unit hide it")
    with _drop_in(stage, "DeviceAllow=", "DeviceAllow=char-i2c rw"):
        _check_devices(stage, "it needs DeviceAllow=char-input rw")
    node = f"/dev/input/{stage.plug('spare', 'keyboard')}"
    with _wrong(stage, f"chgrp root {node}", f"chgrp input {node}"):
        _check_devices(stage, "so udev has not given it to group input")
    stage.daemon.wait_connection(TARGET)
    stage.go()
    mark = stage.mark()
    return stage.home(stage.hand.tap("KEY_RIGHTCTRL"), mark, "hotkey")


def _check_step(stage, wanted):
    """The switch succeeds, but for the monitor, and says why."""
    stage.daemon.wait_connection(TARGET)
    outcome, reason = monitors.go(stage)["monitor:left"]
    check(outcome == "failed" and wanted in reason, f"{outcome}: {reason!r}, not {wanted!r}")
    monitors.home(stage)


@system_scenario("a monitor's bus that the unit forbids, and one without i2c-dev: each with its reason", begins=False)
def bus_forbidden(stage):
    stage.install()
    monitors.begin(stage, "left")
    with _drop_in(stage, "DeviceAllow=", "DeviceAllow=char-input rw"):
        _check_step(stage, "it needs DeviceAllow=char-i2c rw")
    stage.daemon.wait_connection(TARGET)
    stage.host.run("modprobe -r i2c-dev")  # its unit would load it at the start
    try:
        _check_step(stage, "modprobe i2c-dev")
    finally:
        stage.host.run("modprobe i2c-dev && udevadm settle && systemctl restart spicykvmd")
    stage.daemon.wait_connection(TARGET)
    monitors.check_steps(monitors.go(stage), {"left": "ok"})
    return monitors.home(stage)[0]


@system_scenario("without polkit root alone may switch, and who sits there is told so")
def no_polkit(stage):
    stage.host.run("systemctl mask --runtime --now polkit")
    try:
        _check_line(stage, "polkit", "activate", NOT_AUTHORISED)
        check(stage.daemon.state == "inactive", f"the daemon is {stage.daemon.state}")
        stage.host.run("spicykvmctl activate")
        stage.type_to_guest("root")
        mark = stage.mark()
        told = stage.home(stage.host.run("spicykvmctl deactivate").start, mark, "request", limit=3)
    finally:
        stage.host.run("systemctl unmask --runtime polkit; systemctl start polkit")
    stage.user.run("spicykvmctl activate && spicykvmctl deactivate")
    return told


@system_scenario("another program has grabbed the keyboard: its service is named")
def grabbed(stage):
    grab = f"systemd-run -q --unit=keyd {stage.host.tool('grab')}"
    node = f"/dev/input/{stage.plug('spare', 'keyboard')}"
    stage.configure(stage.config(devices='[{ name = "Virtual spare" }]'))
    stage.daemon.call("Reload")
    stage.host.run(f"{grab} {node} && until systemctl is-active -q keyd; do sleep 0.1; done")
    try:
        _check_line(stage, "keyd.service", "activate", FAILED)
    finally:
        stage.host.run("systemctl stop keyd")
    stage.user.run("spicykvmctl activate && spicykvmctl deactivate")
