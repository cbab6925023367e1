#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the Debian packages of a build and looks at them; then installs, upgrades, removes and purges them on a copy of
# this system that is thrown away (overlayfs). systemctl and udevadm are recorded there: what they do is a matter for
# the virtual machines.
# Usage: tests/package_test.sh BUILD      (as root: overlayfs)
set -euo pipefail
cd "$(dirname "$0")/.."
BUILD=$(realpath "$1")
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
fail() { echo "package_test.sh: $*" >&2; exit 1; }
[[ $EUID == 0 ]] || fail "needs root, for an overlayfs"

rm -f "$BUILD"/*.deb
cmake --build "$BUILD" --target package >"$WORK/cpack.log" || { cat "$WORK/cpack.log"; exit 1; }
VERSION=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$BUILD/CMakeCache.txt")
ARCHITECTURE=$(dpkg --print-architecture)
MULTIARCH=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
PACKAGES=(spicykvm spicykvm-session)
DEBS=()
for package in "${PACKAGES[@]}"; do
    deb=$BUILD/${package}_$VERSION-1_$ARCHITECTURE.deb
    [[ -f $deb ]] || fail "$deb was not built"
    dpkg-deb -R "$deb" "$WORK/$package"
    DEBS+=("$deb")
done

# Contents: together what cmake --install installs, and what Debian wants besides.
DESTDIR=$WORK/installed cmake --install "$BUILD" --prefix /usr >/dev/null
files() { (cd "$1" && find . ! -type d | sed 's,\(/man/.*\)\.gz$,\1,' | sort); }
debian='/usr/share/doc/[^/]*/\(copyright\|changelog.Debian.gz\)$\|/lintian/overrides/\|^./DEBIAN/'
diff <(files "$WORK/installed") <(for package in "${PACKAGES[@]}"; do files "$WORK/$package"; done | grep -v "$debian" | sort) ||
    fail "the packages (>) are not what is installed (<)"
diff - <(files "$WORK/spicykvm-session" | grep -v "$debian\|/man/\|completion\|/zsh/") <<'LIST'
./usr/bin/spicykvm-session
./usr/lib/systemd/user/spicykvm-session.service
LIST
[[ $(stat -c %a "$WORK/spicykvm/etc/spicykvm/credentials") == 700 ]] || fail "/etc/spicykvm/credentials is not root's alone"
[[ ! -e $WORK/spicykvm/DEBIAN/conffiles ]] || fail "a configuration file is shipped: there is none that would suit everybody"
grep -q '^ExecStart=/usr/bin/spicykvmd$' "$WORK/spicykvm/usr/lib/systemd/system/spicykvmd.service" || fail "the unit's program"

# Each library that a program was linked with comes with a package that is depended on; the daemon knows no PipeWire.
for package in "${PACKAGES[@]}"; do
    depends=$(sed -n 's/^Depends: //p' "$WORK/$package/DEBIAN/control")
    for program in "$WORK/$package"/usr/{bin,libexec}/*; do
        [[ -f $program ]] || continue
        ! readelf -W -S "$program" | grep '\.debug_info' >/dev/null || fail "$program is not stripped"
        readelf -W -d "$program" | grep 'FLAGS.*BIND_NOW' >/dev/null || fail "$program is not hardened: no BIND_NOW"
        objdump -T "$program" | grep '__stack_chk_fail' >/dev/null || fail "$program is not hardened: no stack protector"
        for library in $(objdump -p "$program" | sed -n 's/^ *NEEDED *//p'); do
            [[ $library != ld-linux* ]] || continue # libc6's
            owner=$(dpkg -S "*/lib/$MULTIARCH/$library" | head -n 1 | cut -d: -f1)
            names=$(dpkg-query -W -f '${Package}, ${Provides}' "$owner" | sed 's/ ([^)]*)//g; s/,/ /g')
            found=
            for name in $names; do [[ ", $depends," != *", $name"[,\ ]* ]] || found=1; done
            [[ $found ]] || fail "$program needs $library of $owner, and $package does not depend on it: $depends"
        done
    done
done
! grep -q pipewire <(sed -n 's/^Depends: //p' "$WORK/spicykvm/DEBIAN/control") || fail "the daemon depends on PipeWire"

lintian --allow-root --fail-on error "${DEBS[@]}"

# The next version, as far as dpkg can tell.
mkdir "$WORK/debs"
for package in "${PACKAGES[@]}"; do
    cp "$BUILD/${package}_$VERSION-1_$ARCHITECTURE.deb" "$WORK/debs/$package-1.deb"
    sed -i "s/$VERSION-1/$VERSION-2/" "$WORK/$package/DEBIAN/control"
    dpkg-deb --root-owner-group -Znone -b "$WORK/$package" "$WORK/debs/$package-2.deb" >/dev/null
done

# Names what was called, in $CALLS. A machine with the unit running and one user logged in.
mkdir "$WORK/fake"
cat >"$WORK/fake/systemctl" <<'FAKE'
#!/bin/sh
echo "systemctl $*" >>/mnt/calls
case "$*" in
*preset* | *mask*) SYSTEMD_OFFLINE=1 exec /usr/bin/systemctl "$@" ;; # deb-systemd-helper's links
*is-enabled*) echo enabled ;;
*list-units*) echo "user@1000.service loaded active running User Manager for UID 1000" ;;
*--version*) echo "systemd 252 (252)" ;;
esac
FAKE
cat >"$WORK/fake/udevadm" <<'FAKE'
#!/bin/sh
echo "udevadm $*" >>/mnt/calls
FAKE
cat >"$WORK/fake/systemd-sysusers" <<'FAKE'
#!/bin/sh
echo "systemd-sysusers $*" >>/mnt/calls
exec /usr/bin/systemd-sysusers "$@"
FAKE
chmod 755 "$WORK"/fake/*

# on_a_copy SCRIPT: runs it (bash) on a copy of this system, and writes to $WORK/left what is on the copy then and not here.
on_a_copy() {
    : >"$WORK/calls"
    mkdir "$WORK/copy"
    WORK=$WORK unshare --mount bash -euo pipefail -c '
        mount --make-rprivate /
        mount -t tmpfs tmpfs "$WORK/copy"
        mkdir "$WORK"/copy/{upper,work,root}
        mount -t overlay overlay -o "lowerdir=/,upperdir=$WORK/copy/upper,workdir=$WORK/copy/work" "$WORK/copy/root"
        mount --bind "$WORK" "$WORK/copy/root/mnt"
        mount -t proc proc "$WORK/copy/root/proc"
        mount --rbind /dev "$WORK/copy/root/dev"
        env -i PATH=/mnt/fake:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
            chroot "$WORK/copy/root" bash -euo pipefail -c "$1"
        cd "$WORK/copy/upper"
        find . ! -type c | sort | while read -r file; do [[ -e /$file || -L /$file ]] || echo "$file"; done >"$WORK/left"
        for file in passwd group shadow gshadow; do
            [[ ! -f etc/$file ]] || diff "/etc/$file" "etc/$file" >>"$WORK/left" || true
        done' copy "$1"
}

# phase NAME: what was called in it, but for questions.
phase() { sed -n "/^phase $1\$/,/^phase/p" "$WORK/calls" | grep -v '^phase\|is-enabled\|is-active\|list-units\|--version\|preset' || true; }

ENABLED='test -L /etc/systemd/system/multi-user.target.wants/spicykvmd.service
test -L /etc/systemd/system/dbus-org.spicykvm.Manager.service
test -L /etc/systemd/user/default.target.wants/spicykvm-session.service'
on_a_copy "
phase() { echo \"phase \$1\" >>/mnt/calls; }
rm -f /usr/sbin/policy-rc.d
mkdir -p /run/systemd/system
phase install
dpkg -i /mnt/debs/spicykvm-1.deb /mnt/debs/spicykvm-session-1.deb
getent passwd spicykvm
$ENABLED
spicykvmd --check
phase upgrade
dpkg -i /mnt/debs/spicykvm-2.deb /mnt/debs/spicykvm-session-2.deb
$ENABLED
touch /etc/spicykvm/config.toml /etc/spicykvm/credentials/win11
mkdir /run/spicykvm
phase remove
dpkg -r spicykvm-session spicykvm
test -e /etc/spicykvm/config.toml
test ! -e /usr/bin/spicykvmd -a ! -e /run/spicykvm
phase purge
dpkg -P spicykvm-session spicykvm
phase forbidden
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
dpkg -i /mnt/debs/spicykvm-1.deb /mnt/debs/spicykvm-session-1.deb
$ENABLED
phase no-systemd
rm -r /run/systemd /usr/sbin/policy-rc.d
dpkg -i /mnt/debs/spicykvm-2.deb /mnt/debs/spicykvm-session-2.deb
dpkg -P spicykvm-session spicykvm"

called() { diff - <(phase "$1") || fail "$1: not what (<) should be called, in that order"; }
BEFORE_START='systemd-sysusers spicykvm.conf
systemctl --system daemon-reload
systemctl reload dbus.service
udevadm control --reload
udevadm trigger --action=change --subsystem-match=input --subsystem-match=i2c-dev
udevadm settle --timeout=10'
called install <<CALLS
$BEFORE_START
systemctl --quiet --system start spicykvmd.service
systemctl --user --machine=1000@ daemon-reload
systemctl --quiet --user --machine 1000@ start spicykvm-session.service
CALLS
called upgrade <<CALLS
$BEFORE_START
systemctl --quiet --system restart spicykvmd.service
systemctl --user --machine=1000@ daemon-reload
systemctl --quiet --user --machine 1000@ restart spicykvm-session.service
CALLS
diff - <(phase remove | head -n 2) <<'CALLS' || fail "remove: the programs go before they are stopped"
systemctl --quiet --user --machine 1000@ stop spicykvm-session.service
systemctl stop spicykvmd.service
CALLS
! phase forbidden | grep ' \(start\|restart\|reload\) ' || fail "started, although policy-rc.d forbids it"
called no-systemd <<<'systemd-sysusers spicykvm.conf'

# dpkg's and passwd's own records; the groups input and i2c are shared with other packages.
! grep -vE '^\./(var/(log|cache|lib/dpkg)/|etc/(\.pwd\.lock|(passwd|group|shadow|gshadow|subuid|subgid)-?)$)' "$WORK/left" |
    grep -vE '^[0-9,]+a[0-9,]+$|^> (input|i2c):' || fail "purge left this behind"
