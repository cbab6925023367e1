#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs a build below an empty folder: is everything in its place, and do systemd and polkit accept it?
# Usage: tests/install_test.sh BUILD
set -euo pipefail
cd "$(dirname "$0")/.."
BUILD=$(realpath "$1")
ROOT=$(mktemp -d)
trap 'rm -rf "$ROOT"' EXIT

DESTDIR=$ROOT cmake --install "$BUILD" --prefix /usr >/dev/null

EXPECTED=$(sort <<'LIST'
usr/bin/spicykvm-session
usr/bin/spicykvmctl
usr/bin/spicykvmd
usr/lib/modules-load.d/spicykvm.conf
usr/lib/systemd/system/spicykvmd.service
usr/lib/systemd/user/spicykvm-session.service
usr/lib/sysusers.d/spicykvm.conf
usr/lib/udev/rules.d/60-spicykvm.rules
usr/libexec/spicykvm-ddc
usr/share/bash-completion/completions/spicykvm-session
usr/share/bash-completion/completions/spicykvmctl
usr/share/bash-completion/completions/spicykvmd
usr/share/dbus-1/interfaces/org.spicykvm.Audio.xml
usr/share/dbus-1/interfaces/org.spicykvm.Displays.xml
usr/share/dbus-1/interfaces/org.spicykvm.Manager.xml
usr/share/dbus-1/interfaces/org.spicykvm.Metrics.xml
usr/share/dbus-1/interfaces/org.spicykvm.Target.xml
usr/share/dbus-1/system-services/org.spicykvm.Manager.service
usr/share/dbus-1/system.d/org.spicykvm.Manager.conf
usr/share/fish/vendor_completions.d/spicykvm-session.fish
usr/share/fish/vendor_completions.d/spicykvmctl.fish
usr/share/fish/vendor_completions.d/spicykvmd.fish
usr/share/man/man1/spicykvm-session.1
usr/share/man/man1/spicykvmctl.1
usr/share/man/man5/spicykvm.toml.5
usr/share/man/man8/spicykvmd.8
usr/share/polkit-1/actions/org.spicykvm.Manager.policy
usr/share/zsh/vendor-completions/_spicykvm-session
usr/share/zsh/vendor-completions/_spicykvmctl
usr/share/zsh/vendor-completions/_spicykvmd
LIST
)
diff <(echo "$EXPECTED") <(cd "$ROOT" && find . -type f -o -type l | sed 's,^\./,,' | grep -v '^usr/share/doc/' | sort)

"$ROOT/usr/bin/spicykvmd" --version
"$ROOT/usr/bin/spicykvmctl" --version
"$ROOT/usr/bin/spicykvm-session" --version
"$ROOT/usr/bin/spicykvmd" --check --config docs/config.toml

UNIT=$ROOT/usr/lib/systemd/system/spicykvmd.service
USER_UNIT=$ROOT/usr/lib/systemd/user/spicykvm-session.service
grep -qx 'ExecStart=/usr/bin/spicykvmd' "$UNIT"
grep -qx 'ExecStart=/usr/bin/spicykvm-session' "$USER_UNIT"
systemd-analyze security --offline=true --threshold=20 "$UNIT" | tail -n 1
python3 -c 'import sys, xml.dom.minidom as dom; [dom.parse(name) for name in sys.argv[1:]]' \
    "$ROOT"/usr/share/polkit-1/actions/*.policy "$ROOT"/usr/share/dbus-1/*/*.xml "$ROOT"/usr/share/dbus-1/system.d/*.conf

# verify looks for the program where the unit says that it is.
sed -i "s|^ExecStart=|&$ROOT|" "$UNIT" "$USER_UNIT"
systemd-analyze verify --man=no --recursive-errors=no "$UNIT"
# With the example of a drop-in, too.
mkdir "$UNIT.d"
cp "$ROOT/usr/share/doc/spicykvm/examples/remote-host.conf" "$UNIT.d"
systemd-analyze verify --man=no --recursive-errors=no "$UNIT"
mkdir "$ROOT/run"
XDG_RUNTIME_DIR=$ROOT/run systemd-analyze --user verify --man=no --recursive-errors=no "$USER_UNIT"
[[ $(stat -c %a "$ROOT/etc/spicykvm/credentials") == 700 ]]
systemd-sysusers --root="$ROOT" >/dev/null
grep -q '^spicykvm:' "$ROOT/etc/passwd"
