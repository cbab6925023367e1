#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs the Debian packages that are missing, and does nothing if none is.
# Usage: tests/install-deps.sh [--list] [GROUP...]   groups: build test vm   (none named: all of them)
set -euo pipefail

declare -A PACKAGES=(
    [build]="cmake g++ ninja-build pkg-config
             libcli11-dev libevdev-dev libexpected-dev libfmt-dev libgmp-dev libpipewire-0.3-dev libsamplerate0-dev
             libsdbus-c++-bin libsdbus-c++-dev libspdlog-dev libspice-protocol-dev libsystemd-dev libtomlplusplus-dev nettle-dev
             nlohmann-json3-dev"
    [test]="binutils clang clang-format dbus dpkg-dev fish git googletest groff libbenchmark-dev libclang-rt-14-dev
            libgmock-dev libgtest-dev libspice-server-dev libumockdev-dev lintian llvm mandoc pipewire pipewire-bin polkitd python3
            python3-dbusmock rpm umockdev universal-ctags wireplumber zsh"
    # The virtual machines' kernel and its headers are downloaded apart, and only unpacked: tests/vm/rig/kernel.py.
    [vm]="busybox-static dbus ddcutil dpkg-dev erofs-utils g++ iproute2 libc6-dev libsystemd-dev make mmdebstrap pkg-config
          polkitd procps python3 qemu-system-x86 systemd udev"
)

list=
[[ ${1:-} != --list ]] || { list=1; shift; }
groups=("$@")
[[ $# -gt 0 ]] || groups=(build test vm)
wanted=()
for group in "${groups[@]}"; do
    [[ ${PACKAGES[$group]:-} ]] || { echo "install-deps.sh: no group '$group'; there are: build test vm" >&2; exit 2; }
    # shellcheck disable=SC2206  # the list is split on purpose
    wanted+=(${PACKAGES[$group]})
done

[[ ! $list ]] || { printf '%s\n' "${wanted[@]}" | sort -u; exit; }

missing=()
for package in $(printf '%s\n' "${wanted[@]}" | sort -u); do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
done

root() { if [[ $EUID == 0 ]]; then "$@"; else sudo "$@"; fi; }
apt() { root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"; }

needs_kernel=
[[ " ${groups[*]} " != *" vm "* ]] || apt-cache depends linux-image-amd64 2>/dev/null | grep -q Depends || needs_kernel=1
[[ ${missing[*]} || $needs_kernel ]] || exit 0
apt update
if [[ ${missing[*]} ]]; then
    echo "installing ${missing[*]}"
    apt install -y --no-install-recommends "${missing[@]}" >/dev/null
fi
