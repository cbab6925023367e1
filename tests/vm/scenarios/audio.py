# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Sound: from the guest's card to the host's speaker, and from its microphone to the guest.

Emulated, sound has gaps. What is checked is whole tenths of a second with the right tone in them,
and that there are none where there must be none.
"""

import signal
import time

from rig.sound import MICROPHONE_HERTZ, TONE_DB, status
from rig.stage import TARGET, check

from .registry import scenario

PLAYBACK, RECORD = f"spicykvm.{TARGET}.playback", f"spicykvm.{TARGET}.record"


def begin(stage, extra=""):
    """The session process runs, and knows all that the daemon offers."""
    stage.begin(stage.config(extra))
    stage.desktop.start_session()
    _wait_status(stage, "playback", lambda channel: channel.get("open"), "is not opened")


def _wait_status(stage, kind, is_right, wrong):
    deadline = time.monotonic() + 30
    while not is_right(channel := status(stage.host, kind)):
        check(time.monotonic() < deadline, f"{kind} {wrong}: {channel}")
    return channel


def _wait_running(stage, kind):
    running = _wait_status(
        stage, kind, lambda channel: channel.get("state") == "running", "does not run"
    )
    node = f"spicykvm.{TARGET}.{kind}"
    check(running["node"] == node, f"its node is {running['node']}, not {node}")
    return running


def _check_unheard(sounds, hertz, text):
    wrong = [str(sound) for sound in sounds if abs(sound.hertz - hertz) < 0.05 * hertz]
    check(not wrong, f"{text}: {', '.join(wrong[:5])}")


@scenario("audio: a tone of the guest is heard, as loud as the guest's mixer says, and then silence", begins=False)
def playback(stage):
    begin(stage)
    speaker, card = stage.desktop, stage.guest.sound
    mark = speaker.mark()
    playing = card.play(440, 8)
    speaker.wait_tone(440, mark)
    _wait_running(stage, "playback")
    measured = _wait_status(stage, "playback", lambda c: c.get("latency_us"), "has no latency")
    latency = measured["latency_us"]
    check(latency < 1e6, f"its latency is {latency} us")
    card.set_volume(80)  # 59 of 74 steps of 1 dB
    speaker.wait_tone(440, mark, level=TONE_DB - 15)
    card.set_volume(100)
    silent = speaker.mark()
    card.wait(playing)
    speaker.wait_silence(silent)
    sounds = speaker.heard(mark)
    clean = sum(sound.is_tone(440) or sound.is_tone(440, TONE_DB - 15) for sound in sounds)
    return f"{clean} of {len(sounds)} tenths of a second clean, played {latency / 1000:.0f} ms after their arrival"


@scenario('audio: playback with when = "active" is silent while inactive', begins=False)
def only_active(stage):
    begin(stage, 'playback = { when = "active" }\n')
    speaker, card = stage.desktop, stage.guest.sound
    mark = speaker.mark()
    card.wait(card.play(440, 1.5))
    stage.go()
    playing = card.play(880, 8)
    speaker.wait_tone(880, mark)
    silent = speaker.mark()
    stage.daemon.call("Deactivate")
    speaker.wait_silence(silent)
    silent = speaker.mark()
    _wait_status(stage, "playback", lambda channel: channel.get("state") == "muted", "is not muted")
    card.wait(playing)
    speaker.fence()
    check(not speaker.heard(silent), "it was heard again after leaving")
    _check_unheard(speaker.heard(mark), 440, "it was heard while inactive")


@scenario("audio: the guest hears the microphone while active and recording, else nobody does", begins=False)
def microphone(stage):
    begin(stage, 'record = { when = "active" }\n')
    desktop, card = stage.desktop, stage.guest.sound
    _wait_status(stage, "record", lambda channel: channel.get("open"), "is not opened")
    first, mark = desktop.mark(), card.mark()
    card.wait(card.record(1.5))
    stage.go()
    check(not card.heard(mark), "the guest heard the microphone while inactive")
    desktop.fence()
    check(RECORD not in desktop.nodes(), "the microphone is open though the guest does not record")
    recording = card.record(12)
    desktop.wait_node(RECORD, first)
    card.wait_tone(MICROPHONE_HERTZ, mark, name=recording)
    _wait_running(stage, "record")
    left, silent = desktop.mark(), card.mark()
    stage.daemon.call("Deactivate")
    desktop.wait_gone(RECORD, left)
    card.wait_silence(silent, recording)
    silent = card.mark()
    card.wait(recording)
    check(not card.heard(silent, recording), "the guest heard the microphone after leaving")
    sounds = card.heard(mark, recording)
    clean = sum(sound.is_tone(MICROPHONE_HERTZ) for sound in sounds)
    return f"{clean} of {len(sounds)} tenths of a second clean"


@scenario("audio: SIGKILL of spicykvm-session frees the channels for the next one", begins=False)
def session_killed(stage):
    stage.begin()
    speaker, card = stage.desktop, stage.guest.sound
    pid = speaker.start_session()
    mark = speaker.mark()
    card.play(440, 3)
    speaker.wait_tone(440, mark)
    stage.host.signal(pid, signal.SIGKILL)
    speaker.wait_gone(PLAYBACK, mark)
    _wait_status(stage, "playback", lambda channel: channel.get("open") is False, "is not freed")
    mark = speaker.mark()
    playing = card.play(660, 8)
    began = time.monotonic()
    speaker.start_session()
    heard = speaker.wait_tone(660, mark).heard
    card.wait(playing)
    return f"heard again {heard - began:.1f} s after the start of the next one"
