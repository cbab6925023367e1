# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The daemon itself hangs, whole or in part. systemd's watchdog is the real one."""

import contextlib
import signal

from rig.stage import check, ms

from .registry import scenario

LEASE = 1.0


def _threads(stage):
    """{name: tid} of the daemon."""
    listed = stage.host.run(f"grep -H . /proc/{stage.daemon.pid()}/task/*/comm").out
    pairs = (line.split("/comm:") for line in listed.splitlines())
    return {name: int(path.rsplit("/", 1)[1]) for path, name in pairs}


def _watchdog(stage):
    asked = "systemctl show -P WatchdogUSec spicykvmd"
    text = stage.host.run(asked).out
    check(text.endswith("s") and "min" not in text, f"the unit's watchdog is {text!r}")
    return float(text[:-2]) / 1000 if text.endswith("ms") else float(text[:-1])


@contextlib.contextmanager
def _stalled(stage, thread):
    """One thread stands still meanwhile, the others run; gives the host's time when it began."""
    job = stage.host.spawn(f"exec /run/rig/stall {thread}")
    try:
        yield float(job.wait(r"^STALLED (\S+)")[1])
    finally:
        job.end_input()
        job.wait_done()


def _killed_by_watchdog(stage):
    log = stage.host.run("journalctl -u spicykvmd -b -o cat").out
    check("Watchdog timeout" in log, "systemd's watchdog did not end the daemon")


@scenario("the whole daemon hangs (SIGSTOP): systemd's watchdog kills it, the keyboard is back")
def stopped(stage):
    limit = _watchdog(stage) + 1
    stage.go()
    stage.hold_in_guest("KEY_A")
    mark = stage.mark()
    told = stage.home(stage.daemon.kill(signal.SIGSTOP), mark, limit=limit, held=["KEY_A"])
    _killed_by_watchdog(stage)
    return told


@scenario("the main loop hangs: the input thread lets go by itself")
def main_loop_hangs(stage):
    stage.go()
    stage.hold_in_guest("KEY_A")
    mark = stage.mark()
    with _stalled(stage, stage.daemon.pid()) as cause:
        took = stage.back_after(cause, mark)
        stage.check_neutral(held=["KEY_A"])
        stage.check_host_has()
    stage.daemon.finished("lease-missed", mark[1])
    check(took < LEASE + 0.5, f"the keyboard was back only after {ms(took)}")
    stage.hand.key("KEY_A", 0)
    stage.go()
    return f"keyboard back after {ms(took)}; usable again when the loop runs on"


@scenario("the input thread hangs: systemd's watchdog kills the daemon")
def input_thread_hangs(stage):
    limit = 2 * _watchdog(stage) + 1
    stage.go()
    stage.hold_in_guest("KEY_A")
    thread = next(tid for name, tid in _threads(stage).items() if "input" in name)
    mark = stage.mark()
    with _stalled(stage, thread) as cause:
        told = stage.home(cause, mark, limit=limit, held=["KEY_A"])
    _killed_by_watchdog(stage)
    return told
