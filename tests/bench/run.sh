#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the benchmarks and prints their tables: with injected events on this machine, then with a real
# event node, here if there is /dev/uinput, else in a small VM; then sound, in virtual time.
# docs/benchmarks.md explains the lines.
# Usage: tests/bench/run.sh [OPTION...]   (options: spicykvm-bench --help; --only sound: nothing but sound)
# Exit code 1: a count is wrong. A ratio that is missed does not count: other work can do that.
set -euo pipefail
cd "$(dirname "$0")/../.."
case " $* " in
*" --only sound "*) input='' sound=1 ;;
*" --only "*) input=1 sound='' ;;
*) input=1 sound=1 ;;
esac
tests/install-deps.sh build test
BUILD=${SPICYKVM_BUILD:-$PWD/build}/bench
JOBS=${SPICYKVM_JOBS:-$(nproc)}
command -v ccache >/dev/null && export CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache
{ cmake --preset bench -B "$BUILD" &&
    cmake --build "$BUILD" -j "$JOBS" --target ${input:+spicykvm-bench} ${sound:+spicykvm-audio-bench}; } >&2

failed=0
bench() { "$BUILD/tests/bench/spicykvm-bench" --daemon "$BUILD/daemon/spicykvmd" "$@" || failed=1; }
if [[ $input ]]; then
    bench "$@"
    if [[ -w /dev/uinput ]]; then
        bench --uinput --continued "$@"
    else
        tests/install-deps.sh vm
        python3 tests/vm/bench.py --build "$BUILD" -- --continued "$@" || failed=1
    fi
fi
if [[ $sound ]]; then
    "$BUILD/tests/bench/spicykvm-audio-bench" || failed=1
fi
exit $failed
