#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# The main job, to be watched: a hotkey, a sentence and a mouse, between a host and a guest.
# Usage: tests/demo.sh [--host auto|local|vm]   (auto: this machine if it has /dev/uinput, else a VM)
set -euo pipefail
cd "$(dirname "$0")/.."
BUILD=${SPICYKVM_BUILD:-$PWD/build}/release
START=$SECONDS

log=$(mktemp)
trap 'rm -f "$log"' EXIT
step() { # NAME TEXT COMMAND...: its output is shown only if it fails
    local name=$1 text=$2 began=$SECONDS
    shift 2
    "$@" >"$log" 2>&1 || { cat "$log" >&2; echo "demo: $name failed" >&2; exit 1; }
    printf '  %-8s %5.1f s   %s\n' "$name" $((SECONDS - began)) "$text"
}
build() {
    cmake --preset release -B "$BUILD"
    cmake --build "$BUILD" -j "$(nproc)" --target spicykvmd spicykvmctl
}

printf '\nspicykvm: the main job\n\n'
step packages "Debian's, if any was missing" tests/install-deps.sh build vm
step build "spicykvmd and spicykvmctl, release" build
python3 tests/vm/demo.py --build "$BUILD" "$@" && status=0 || status=$?
printf '  %s s in all\n' $((SECONDS - START))
exit "$status"
