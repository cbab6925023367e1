#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs a build into an empty folder and checks what is there with the tools that will read it.
# Usage: tests/install_test.sh BUILD
set -euo pipefail

build=$(realpath "${1:?usage: install_test.sh BUILD}")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

DESTDIR=$root cmake --install "$build" --prefix /usr >"$root.log" || { cat "$root.log"; exit 1; }
rm -f "$root.log"

echo "every file in its place, and no other"
diff <(cd "$root" && find . -type f | sort) - <<'FILES'
./usr/bin/spicykvmctl
./usr/bin/spicykvmd
./usr/lib/systemd/system/spicykvmd.service
./usr/lib/sysusers.d/spicykvm.conf
./usr/lib/udev/rules.d/60-spicykvm.rules
./usr/share/dbus-1/interfaces/org.spicykvm.Manager.xml
./usr/share/dbus-1/interfaces/org.spicykvm.Metrics.xml
./usr/share/dbus-1/interfaces/org.spicykvm.Target.xml
./usr/share/dbus-1/system-services/org.spicykvm.Manager.service
./usr/share/dbus-1/system.d/org.spicykvm.Manager.conf
./usr/share/polkit-1/actions/org.spicykvm.Manager.policy
FILES

echo "the unit"
unit=$root/usr/lib/systemd/system/spicykvmd.service
grep -qx 'ExecStart=/usr/bin/spicykvmd' "$unit"
# verify wants the program where the unit says it is.
sed -i "s|^ExecStart=|&$root|" "$unit"
problems=$(systemd-analyze verify --man=no --recursive-errors=no "$unit" 2>&1) || { echo "$problems"; exit 1; }
[[ -z $problems ]] || { echo "$problems"; exit 1; }
systemd-analyze security --offline=true --threshold=20 "$unit" | tail -n 1

echo "the user"
mkdir -p "$root/etc"
systemd-sysusers --root="$root" >/dev/null
grep -q '^spicykvm:' "$root/etc/passwd"

echo "the programs start"
"$root/usr/bin/spicykvmd" --version
"$root/usr/bin/spicykvmctl" --version
echo "ok"
