# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The guest's sound card, and the host's PipeWire with a speaker and a microphone."""

import itertools
import json
import re
from typing import NamedTuple

TONE_DB = -12.0  # what programs/pcm.c plays and what is in front of the microphone
MICROPHONE_HERTZ = 1000.0

PIPEWIRE = """
context.properties = {
  core.daemon = true
  core.name = pipewire-0
  default.clock.rate = 48000
  # Emulated, a cycle is not to be shorter.
  default.clock.quantum = 1024
  default.clock.min-quantum = 1024
  default.clock.max-quantum = 2048
  support.dbus = false
  link.max-buffers = 16
}
context.spa-libs = {
  audio.convert.* = audioconvert/libspa-audioconvert
  support.* = support/libspa-support
}
context.modules = [
  { name = libpipewire-module-rt flags = [ ifexists nofail ] }
  { name = libpipewire-module-protocol-native }
  { name = libpipewire-module-metadata }
  { name = libpipewire-module-spa-node-factory }
  { name = libpipewire-module-client-node }
  { name = libpipewire-module-access }
  { name = libpipewire-module-adapter }
  { name = libpipewire-module-link-factory }
  { name = libpipewire-module-session-manager }
]
context.objects = [
  { factory = metadata args = { metadata.name = default } }
  { factory = spa-node-factory
    args = { factory.name = support.node.driver node.name = clock node.group = pipewire.dummy
             priority.driver = 20000 } }
]
"""
# The session manager is Debian's; only what needs a bus or hardware is off.
WIREPLUMBER = {
    "main.lua.d/60-rig.lua": """alsa_monitor.enabled = false
v4l2_monitor.enabled = false
libcamera_monitor.enabled = false
default_access.properties["enable-flatpak-portal"] = false
""",
    "bluetooth.lua.d/60-rig.lua": "bluez_monitor.enabled = false\n",
}


class Heard(NamedTuple):
    """A tenth of a second with sound in it; `share` of its energy is at its frequency."""

    heard: float
    hertz: float
    level: float
    share: float

    def is_tone(self, hertz, level=TONE_DB):
        """Right in pitch, within 2 dB, and nothing else in it."""
        near = abs(self.hertz - hertz) < 0.02 * hertz and abs(self.level - level) < 2
        return near and self.share > 0.9

    def __str__(self):
        return f"{self.hertz:.0f} Hz at {self.level:.1f} dB"


class Listener:
    """What a meter (programs/tone.h) says: on the host's speaker, or in a recording."""

    def __init__(self, lines):
        self.lines = lines

    def mark(self):
        return self.lines.mark()

    def heard(self, mark=0, name=r"\S+"):
        """Each tenth of a second with sound since a mark."""
        line = re.compile(rf"^SOUND {name} \S+ (\S+) (\S+) (\S+)$")
        told = ((at, line.match(text)) for at, text in self.lines.since(mark))
        return [Heard(at, *map(float, match.groups())) for at, match in told if match]

    def wait_tone(self, hertz, mark, level=TONE_DB, name=r"\S+", timeout=20.0):
        """The first tenth of a second with this tone and nothing else; TimeoutError if none."""
        position = mark
        while True:
            try:
                self.lines.wait(rf"^SOUND {name} ", position, timeout)
            except TimeoutError:
                told = ", ".join(map(str, self.heard(mark, name)[-5:])) or "silence"
                raise TimeoutError(f"no {hertz} Hz at {level} dB was heard, but {told}") from None
            position = self.lines.mark()
            for sound in self.heard(mark, name):
                if sound.is_tone(hertz, level):
                    return sound

    def wait_silence(self, mark, name=r"\S+", timeout=20.0):
        self.lines.wait(rf"^SILENT {name} ", mark, timeout)


class Card(Listener):
    """The guest's: programs/pcm.c plays and records with it."""

    def __init__(self, lines):
        super().__init__(lines)
        self._ids = itertools.count(1)

    def play(self, hertz, seconds):
        """A running sine of a quarter of full scale; for wait()."""
        return self._start(f"play {hertz} {int(seconds * 1000)}")

    def record(self, seconds):
        """A running recording; for wait(). What is in it is heard here, by its name."""
        return self._start(f"record {int(seconds * 1000)}")

    def set_volume(self, percent):
        self.wait(self._start(f"volume {percent}"))

    def wait(self, name, timeout=60.0):
        """The end of what was started; RuntimeError if it failed."""
        match = self.lines.wait(rf"^(OK|ERROR) {name} (.*)", timeout=timeout)
        if match[1] == "ERROR":
            raise RuntimeError(f"the guest's sound card: {match[2]}")

    def _start(self, command):
        name = f"s{next(self._ids)}"
        self.lines.send(f"{name} {command}")
        return name


class Speaker(Listener):
    """The host's, and its microphone: programs/pwdesk.c, as a job of somebody's PipeWire."""

    def __init__(self, job):
        super().__init__(job)
        self._desk = job
        self._ids = itertools.count(1)

    def wait_ready(self, timeout=60.0):
        self._desk.wait("^READY", timeout=timeout)

    def fence(self):
        name, mark = f"q{next(self._ids)}", self.mark()
        self._desk.send(f"{name} ping")
        self._desk.wait(f"^OK {name} ", mark)

    def nodes(self):
        """Names of PipeWire's nodes."""
        self.fence()
        names = set()
        for _, text in self._desk.since():
            if text.startswith("NODE "):
                names.add(text.removeprefix("NODE "))
            elif text.startswith("GONE "):
                names.discard(text.removeprefix("GONE "))
        return names

    def wait_node(self, name, mark, timeout=20.0):
        self._desk.wait(rf"^NODE {re.escape(name)}$", mark, timeout)

    def wait_gone(self, name, mark, timeout=20.0):
        self._desk.wait(rf"^GONE {re.escape(name)}$", mark, timeout)


class Desktop(Speaker):
    """PipeWire and WirePlumber on a host, with one speaker and one microphone (programs/pwdesk.c)."""

    def __init__(self, host):
        self._host = host
        self._folder = host.run("mktemp -d /tmp/rig-sound.XXXXXX").out.strip()
        host.write(f"{self._folder}/pipewire.conf", PIPEWIRE)
        for name, text in WIREPLUMBER.items():
            host.write(f"{self._folder}/wireplumber/{name}", text)
        self._jobs = [
            self._spawn(f"exec pipewire -c {self._folder}/pipewire.conf"),
            self._spawn(
                f"until [ -S {self._folder}/pipewire-0 ]; do sleep 0.05; done; exec wireplumber"
            ),
        ]
        tool = f"until [ -S {self._folder}/pipewire-0 ]; do sleep 0.05; done; exec {host.tool('pwdesk')}"
        super().__init__(self._spawn(tool))
        self._jobs.append(self._desk)
        self._sessions = []

    def _spawn(self, command):
        folder = self._folder
        exports = f"export XDG_RUNTIME_DIR={folder} XDG_CONFIG_HOME={folder} XDG_STATE_HOME={folder}"
        return self._host.spawn(f"unset DBUS_SESSION_BUS_ADDRESS; {exports}; {command}")

    def start_session(self):
        """spicykvm-session, as the user's service manager would start it; its process id."""
        job = self._spawn("echo $$; exec spicykvm-session")
        self._sessions.append(job)
        return int(job.wait(r"^\d+$").string)

    def wait_open(self, kinds, timeout=30.0):
        """Until the session process has these channels ("playback", "record") from the daemon."""
        for kind in kinds:
            self._sessions[-1].errors.wait(rf"{kind} of .*: open$", timeout=timeout)

    def log(self):
        """The last lines that the session process wrote."""
        return "\n".join(text for job in self._sessions for _, text in job.errors.since()[-40:])

    def stop_session(self):
        for job in self._sessions:
            if job.done is None:
                job.kill(15)
                job.wait_done()
        self._sessions = []

    def stop(self):
        self.stop_session()
        for job in reversed(self._jobs):
            job.kill(15)
            job.wait_done()
        self._host.run(f"rm -rf {self._folder}")


def status(host, kind):
    """What spicykvmctl says of the channel of a kind ("playback", "record"); {} if nothing."""
    told = json.loads(host.run("spicykvmctl --json status").out)
    return next((channel for channel in told["audio"] if channel["kind"] == kind), {})
