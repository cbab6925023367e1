# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""What happens to the packages later: an upgrade, and their end."""

from rig import packages
from rig.stage import TARGET, check

from .registry import system_scenario

PROCESSES = ("spicykvmd", "spicykvm-ddc", "spicykvm-session")
# Where others write meanwhile: there only what is named after us counts.
FOREIGN = ("/var/log/", "/var/lib/apt/", "/var/lib/dpkg/", "/var/cache/", "/var/lib/systemd/")
USERS = "/home/"  # what is in there is not the packages' to take away


def _pids(stage):
    """{program: process id} of the two that always run."""
    return {"spicykvmd": stage.daemon.pid(), "spicykvm-session": stage.desktop.pid()}


@system_scenario("an upgrade while a VM is active: everything home first, and nothing goes back by itself")
def upgrade(stage):
    stage.desktop.start_session()
    newer, before = stage.newer_packages(), _pids(stage)
    stage.go()
    stage.hold_in_guest("KEY_A")
    mark = stage.mark()
    done = stage.install(newer)
    took = stage.back_after(done.start, mark)
    stage.daemon.finished("shutdown", mark[1])
    stage.check_neutral(held=["KEY_A"])
    stage.check_host_has()
    stage.hand.key("KEY_A", 0)
    wanted = {packages.field(deb, "Version") for deb in newer.values()}
    asked = f"dpkg-query -W -f '${{Version}}\\n' {' '.join(newer)}"
    check(set(stage.host.run(asked).out.split()) == wanted, f"it is not the version {wanted}")
    stage.daemon.wait_connection(TARGET)
    check(stage.daemon.state == "inactive", "the daemon went back to the guest by itself")
    for program, pid in _pids(stage).items():
        check(pid not in (0, before[program]), f"{program} is the old one still, or none")
    stage.go()
    mark = stage.mark()
    told = stage.home(stage.hand.tap("KEY_RIGHTCTRL"), mark, "hotkey")
    install = done.end - done.start
    return f"keyboard back within {took:.1f} of apt-get's {install:.1f} s; then {told}"


@system_scenario("removed while a VM is active: keyboard home, no process left; purged: nothing at all is left")
def removed(stage):
    stage.go()
    stage.hold_in_guest("KEY_A")
    mark = stage.mark()
    done = stage.remove()
    took = stage.back_after(done.start, mark)
    stage.check_neutral(held=["KEY_A"])
    stage.check_host_has()
    stage.hand.key("KEY_A", 0)
    for process in PROCESSES:
        left = stage.host.run(f"pgrep -a {process}", check=False).out
        check(not left, f"{process} runs on: {left}")
    stage.host.run("test -e /etc/spicykvm/config.toml")
    stage.remove("purge")
    _check_nothing_left(stage)
    return f"keyboard back within {took:.1f} of apt-get's {done.end - done.start:.1f} s"


def _check_nothing_left(stage):
    left = sorted(filter(_is_ours, stage.files() - stage.files_before))
    check(not left, f"left on the disk: {left}")
    user = stage.host.run("getent passwd spicykvm", check=False)
    check(user.status != 0, f"left behind: the user {user.out}")
    # A manager of a user who is logged in knows a unit until it reloads; its file is what counts.
    listed = "list-unit-files --no-legend '*spicykvm*'"
    units = stage.host.run(f"systemctl {listed}; systemctl list-units --all --no-legend '*spicykvm*'")
    mine = stage.user.run(f"systemctl --user {listed}", check=False)
    check(not units.out + mine.out, f"left behind: {units.out} {mine.out}")
    run = stage.host.run("ls -d /run/spicykvm /run/credentials/spicykvmd*", check=False).out
    check(not run, f"left behind: {run}")


def _is_ours(path):
    return not path.startswith(USERS) and ("spicykvm" in path or not path.startswith(FOREIGN))
