#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# The main job, to be watched: a hotkey, a sentence, a mouse, a monitor and sound, between a host and a guest.
# Usage: tests/demo.sh [--host auto|local|vm] [--events]
# (auto: this machine is the host if it has /dev/uinput, else a VM is; --events: each single event)
set -euo pipefail
cd "$(dirname "$0")/.."
BUILD=${SPICYKVM_BUILD:-$PWD/build}/demo
LOGS=$(mktemp -d)
trap 'rm -rf "$LOGS"' EXIT

# step NAME TEXT COMMAND...: its output is shown only if it fails.
step() {
    local name=$1 text=$2 began=$SECONDS
    shift 2
    if ! "$@" >"$LOGS/$name" 2>&1; then
        tail -n 100 "$LOGS/$name" >&2
        echo "demo: $name failed" >&2
        return 1
    fi
    printf '  %-8s %5d s   %s\n' "$name" $((SECONDS - began)) "$text"
}

# One translation unit a library, lightly optimised, without debug information: a sixth of the time of a release.
build() {
    cmake --preset release -B "$BUILD" -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=0 \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O1 &&
        cmake --build "$BUILD" -j "$(nproc)" --target spicykvmd spicykvmctl spicykvm-session
}

printf '\nspicykvm, the main job\n\n'
step packages "Debian's, if any were missing" tests/install-deps.sh build vm
step machines "kernel, images and first boots, unless cached" tests/vm/prepare.py &
machines=$!
step build "spicykvmd, spicykvm-ddc, spicykvm-session and spicykvmctl" build
wait "$machines"
python3 tests/vm/demo.py --build "$BUILD" "$@" && status=0 || status=$?
printf '  %d s in all\n\n' "$SECONDS"
exit "$status"
