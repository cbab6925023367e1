# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The stage with a whole Debian: the packages are installed, and somebody sits at the keyboard."""

from . import guest, packages
from .debian_host import STRANGER, DebianHost
from .host import MACHINE
from .sound import Speaker
from .stage import TARGET, Stage

APT = "DEBIAN_FRONTEND=noninteractive apt-get -q -y"
CREDENTIAL = f"/etc/spicykvm/credentials/{TARGET}"  # root's alone


class UserSession(Speaker):
    """The PipeWire of who sits there, and his spicykvm-session, which his systemd runs."""

    def __init__(self, host):
        self._host = host
        super().__init__(host.user.spawn(f"exec {host.tool('pwdesk')}"))

    def start_session(self):
        """Its process id."""
        self._host.user.run("systemctl --user start spicykvm-session")
        return self.pid()

    def stop_session(self):
        stop = "systemctl --user stop spicykvm-session; systemctl --user reset-failed"
        self._host.user.run(stop, check=False)

    def pid(self):
        asked = "systemctl --user show -P MainPID spicykvm-session"
        return int(self._host.user.run(asked).out)

    def log(self):
        return self._host.run("journalctl -b -n 40 _SYSTEMD_USER_UNIT=spicykvm-session.service").out


class SystemStage(Stage):
    """As Stage, for the functions that scenarios share. `built` is what packages.make() gave."""

    def __init__(self, store, folder, built):
        self.packages = built
        super().__init__(store, folder, DebianHost(store, folder, packages.dependencies(built)))
        self.files_before = None  # what was on the host before the first installation

    @property
    def desktop(self):
        if self._desktop is None:
            self._desktop = UserSession(self.host)
            self._desktop.wait_ready()
        return self._desktop

    def replace_desktop(self):
        """Another speaker and microphone, for a PipeWire that began anew."""
        self._desktop = None

    @property
    def user(self):
        """Runs commands within the session of who sits there."""
        return self.host.user

    def as_stranger(self, command):
        """A command of a user who does not sit there, whatever comes of it."""
        return self.host.run_as(STRANGER, command, check=False)

    def begin(self, config=None):
        self.install()
        self.host.stop_daemon()  # an installation starts it
        super().begin(config)

    def config(self, extra="", **settings):
        by_file = f'{{ file = "{self.host.etc}/guest.password" }}'
        by_credential = f'{{ credential = "spice_{TARGET}" }}'
        return super().config(extra, **settings).replace(by_file, by_credential)

    def configure(self, text, password=guest.PASSWORD):
        """As the documentation says it: a file with the password that is root's alone."""
        self.host.write(f"{self.host.etc}/config.toml", text)
        self.host.write(CREDENTIAL, password, mode="600")

    def install(self, files=None):
        """As an administrator does; nothing to do if it is installed and no `files` are given."""
        self.files_before = self.files_before or self.files()
        if files or not self.is_installed():
            paths = " ".join(f"{MACHINE}{file}" for file in (files or self.packages).values())
            return self.host.run(f"{APT} install {paths}", timeout=180)
        return None

    def newer_packages(self):
        """The files of a version to upgrade to."""
        folder = self._folder / "newer"
        folder.mkdir(exist_ok=True)
        return packages.newer(self.packages, folder)

    def remove(self, how="remove"):
        """`how`: remove or purge."""
        return self.host.run(f"{APT} {how} {' '.join(self.packages)}", timeout=180)

    def is_installed(self):
        asked = f"dpkg-query -W -f '${{db:Status-Status}}\\n' {' '.join(self.packages)}"
        told = self.host.run(asked, check=False).out.split()
        return told == ["installed"] * len(self.packages)

    def files(self):
        """Everything on the host's disk but what changes by itself."""
        listed = self.host.run("find / -xdev -path /tmp -prune -o -print", timeout=120).out
        return set(listed.splitlines())
