#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# The scenarios with two virtual machines. Usage: tests/vm/run.sh [-l] [WORD...]
# (-l: only list them; WORD: only those with the word in their name.)
# Uses the programs of $SPICYKVM_PROGRAMS if that is set, else builds them.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [[ -z ${SPICYKVM_PROGRAMS:-} ]]; then
    tests/install-deps.sh build vm
    SPICYKVM_PROGRAMS=${SPICYKVM_BUILD:-$PWD/build}/release
    cmake --preset release -B "$SPICYKVM_PROGRAMS" >/dev/null
    cmake --build "$SPICYKVM_PROGRAMS" -j "$(nproc)"
fi
exec python3 tests/vm/play.py --build "$SPICYKVM_PROGRAMS" "$@"
