# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""What goes wrong on a whole system: everything comes home, and works afterwards."""

from rig.stage import check

from . import audio, faults, hangs
from .registry import system_scenario

system_scenario("SIGKILL of the daemon: keyboard back, and systemd starts it again")(faults.killed)
system_scenario("SIGSTOP of the daemon: systemd's watchdog kills it, the keyboard is back")(hangs.stopped)


@system_scenario("the user's PipeWire is restarted: keyboard and mouse stay, and the guest is heard again", begins=False)
def pipewire_restarted(stage):
    audio.begin(stage)
    card = stage.guest.sound
    stage.go()
    mark = stage.desktop.mark()
    playing = card.play(440, 20)
    stage.desktop.wait_tone(440, mark)
    stage.user.run("systemctl --user restart pipewire.service wireplumber.service")
    stage.replace_desktop()
    mark = stage.desktop.mark()
    stage.desktop.wait_tone(440, mark)
    check(stage.daemon.state == "active", f"the daemon is {stage.daemon.state}")
    stage.type_to_guest("still there")
    mark = stage.mark()
    told = stage.home(stage.hand.tap("KEY_RIGHTCTRL"), mark, "hotkey")
    card.wait(playing)
    return told
