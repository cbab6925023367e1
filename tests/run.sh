#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs what is missing, builds, and runs every test. Usage: tests/run.sh [STAGE...]
# Stages: lint debug asan tsan fuzz install vm   (none named: all of them, in this order)
# A skipped test is said; with CI set it is a failure. A live test that fails is run once more, alone, and said to be unsteady.
set -euo pipefail
cd "$(dirname "$0")/.."

STAGES=(lint debug asan tsan fuzz install vm)
declare -A WANTED=()
for stage in "${@:-${STAGES[@]}}"; do
    [[ " ${STAGES[*]} " == *" $stage "* ]] || { echo "run.sh: no stage '$stage'; there are: ${STAGES[*]}" >&2; exit 2; }
    WANTED[$stage]=1
done

BUILD=${SPICYKVM_BUILD:-$PWD/build}
JOBS=${SPICYKVM_JOBS:-$(nproc)}
START=$SECONDS
PASSED=0 FAILED=0 SKIPPED=0
SUMMARY=() # what went wrong, said again at the end: the middle of a long log is easily lost
UNSTEADY=() # and what passed only when it was run once more
command -v ccache >/dev/null && export CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_C_COMPILER_LAUNCHER=ccache

say() { printf '[%4d s] %s\n' $((SECONDS - START)) "$*"; }
wrong() { say "FAILED  $*"; FAILED=$((FAILED + 1)); SUMMARY+=("$*"); }

# step NAME COMMAND...: one test; its output is shown only if it fails.
step() {
    local name=$1 log
    shift
    log=$(mktemp)
    if "$@" >"$log" 2>&1; then
        PASSED=$((PASSED + 1))
        say "ok      $name"
    else
        wrong "$name"
        tail -n 200 "$log"
    fi
    rm -f "$log"
}

build() { # PRESET [TARGET...]
    local preset=$1
    shift
    say "build   $preset"
    local log
    log=$(mktemp)
    if ! { cmake --preset "$preset" -B "$BUILD/$preset" -DSPICYKVM_WERROR=ON -DCMAKE_CXX_FLAGS_DEBUG=-g1 &&
        cmake --build "$BUILD/$preset" -j "$JOBS" ${1:+--target "$@"}; } >"$log" 2>&1; then
        wrong "build $preset"
        tail -n 100 "$log"
        return 1
    fi
    rm -f "$log"
}

# suite PRESET [CTEST OPTION...]: every test of ctest's list, counted from its JUnit report.
suite() {
    local preset=$1 folder=$BUILD/$1 counts passed failed skipped live steady
    shift
    say "test    $preset"
    ctest --test-dir "$folder" -j "$JOBS" --output-on-failure --no-tests=error --output-junit "$folder/junit.xml" "$@" \
        >"$folder/ctest.log" 2>&1 || true
    counts=$(python3 tests/lint/count_junit.py "$folder/junit.xml") ||
        { wrong "suite $preset"; tail -n 100 "$folder/ctest.log"; return; }
    read -r passed failed skipped <<<"$counts"
    # Live processes on a machine that is busy with other tests: those that failed get it to themselves, once.
    # (Their names as an expression: those with parameters have brackets in them.)
    live=$(sed -n 's/^[0-9]*:\(integration\..*\)/\1/p' "$folder/Testing/Temporary/LastTestsFailed.log" 2>/dev/null |
        sed 's/[^[:alnum:]]/./g' | paste -sd'|')
    if ((failed > 0)) && [[ $live ]]; then
        ctest --test-dir "$folder" -R "^($live)\$" --output-junit "$folder/again.xml" >>"$folder/ctest.log" 2>&1 || true
        read -r steady _ <<<"$(python3 tests/lint/count_junit.py "$folder/again.xml")"
        passed=$((passed + steady)) failed=$((failed - steady))
        ((steady == 0)) || UNSTEADY+=("$preset: $steady failed beside others and passed alone; what they said is above")
    fi
    PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed)) SKIPPED=$((SKIPPED + skipped))
    say "$preset: $passed passed, $failed failed, $skipped skipped"
    [[ $failed == 0 && $skipped == 0 ]] || SUMMARY+=("suite $preset: $failed failed, $skipped skipped")
}

run_lint() {
    step "layers, licences, sizes" python3 tests/lint/check_tree.py
    step "formatting" bash -c 'git ls-files "*.h" "*.cpp" | xargs clang-format --dry-run --Werror'
}

run_debug() { build debug && suite debug; }
run_asan() { build asan && suite asan; }
# What has threads: the others would only be run a third time.
run_tsan() {
    build tsan base_test input_test session_test session_integration_test pipewire_integration_test spice_integration_test \
        kvm_integration_test dbus_integration_test &&
        suite tsan -R '^(base|input|integration\.(session|pipewire|spice|kvm|dbus)|session\.(SampleRing|Seqlock))\.'
}

# A short hunt on top of the corpora that every suite replays.
run_fuzz() {
    build asan || return 0
    local target name
    for target in "$BUILD"/asan/tests/fuzz/fuzz_*; do
        [[ -x $target && -f $target ]] || continue
        name=$(basename "$target")
        step "$name for 5 s" "$target" -max_total_time=5 -rss_limit_mb=1024 -artifact_prefix="$BUILD/asan/" \
            "$(mktemp -d)" "tests/fuzz/corpus/${name#fuzz_}"
    done
}

run_install() {
    build release || return 0
    step "installation" tests/install_test.sh "$BUILD/release"
    step "packages" tests/package_test.sh "$BUILD/release"
    step "recipes of other distributions" tests/recipes_test.sh "$BUILD/release"
}

run_vm() {
    build release || return 0
    say "test    two virtual machines"
    local log=$BUILD/vm.log counts
    SPICYKVM_PROGRAMS=$BUILD/release tests/vm/run.sh 2>&1 | tee "$log" || true
    counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1) ||
        { wrong "the virtual machines' tests did not finish"; return; }
    [[ $counts =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)? ]]
    PASSED=$((PASSED + BASH_REMATCH[1])) FAILED=$((FAILED + BASH_REMATCH[2])) SKIPPED=$((SKIPPED + ${BASH_REMATCH[4]:-0}))
    mapfile -t -O "${#SUMMARY[@]}" SUMMARY < <(grep '^FAILED' "$log")
    mapfile -t -O "${#UNSTEADY[@]}" UNSTEADY < <(grep '^UNSTEADY' "$log")
}

say "packages"
tests/install-deps.sh build test vm
mkdir -p "$BUILD"
for stage in "${STAGES[@]}"; do
    if [[ ${WANTED[$stage]:-} ]]; then
        "run_$stage" || true # counted where it happened
    fi
done

say "done"
[[ ${#SUMMARY[@]} == 0 ]] || printf 'wrong: %s\n' "${SUMMARY[@]}"
[[ ${#UNSTEADY[@]} == 0 ]] || printf 'unsteady: %s\n' "${UNSTEADY[@]}"
[[ $SKIPPED == 0 || -z ${CI:-} ]] || echo "skipped tests count as failures in CI"
echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
[[ $FAILED == 0 && ( $SKIPPED == 0 || -z ${CI:-} ) ]]
