#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Breaks the audio core in known ways, one at a time, and expects its tests to notice each.

Usage: tests/sim/mutate.py [NAME...]. Works on a copy; takes some minutes. Exit code 1: a mutant lived.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
AUDIO = "daemon/session/audio/"

# name: (file, what is there, what stands there instead)
MUTANTS = {
    "mean-instead-of-earliest": (
        "source_anchor.cpp",
        "block.earliest = std::min(block.earliest, offset - scaled(time - block.time, slope_));",
        "block.earliest += (offset - block.earliest) / 50;"),
    "no-decay": ("target_policy.cpp", "std::exp2(-seconds(now - learned_at_)", "std::exp2(-0 * seconds(now - learned_at_)"),
    "no-guard": ("target_policy.h", "return jitter_ + settings_.guard;", "return jitter_ - settings_.guard;"),
    "stalls-are-learned": ("target_policy.cpp", "if (stall && forgive(now)) {", "if (stall && forgive(now) && false) {"),
    "losses-are-learned": ("target_policy.cpp", "if (window_earliest_ >= kLost) {", "if (window_earliest_ >= 100 * kLost) {"),
    "device-clock-upside-down": ("playout.cpp", "(1 + timeline.skew) / clock_.rate()", "(1 + timeline.skew) * clock_.rate()"),
    "skew-upside-down": ("source_anchor.h", "return -slope_;", "return slope_;"),
    "error-upside-down": ("rate_control.cpp", "feed_forward + kGain * behind", "feed_forward - kGain * behind"),
    "resampler-holds-nothing": ("resampler.cpp", "staged_ = static_cast<std::size_t>(kHeld) * kChannels;", "staged_ = 0;"),
    "ratio-glides": ("resampler.cpp", "src_set_ratio(state_.get(), 1 / step);", ""),
    "no-fade-out": ("feed.cpp", "gain_ = std::max(0.0F, gain_ - kFadeStep);", "gain_ = 0;"),
    "no-fade-in": ("feed.cpp", "gain_ = std::min(1.0F, gain_ + kFadeStep);", "gain_ = 1;"),
    "no-cross-fade": ("feed.cpp", "cross_left_ = Playout::kCrossFade;", "cross_left_ = 0;"),
    "too-late-is-played": ("playout.cpp", "const Frames from = end - plan.feed;", "const Frames from = std::max(next_, end - 48000);"),
    "volume-by-other-steps": ("gain.cpp", "stepped(volume, 74, 1)", "stepped(volume, 64, 1)"),
    "microphone-clock-upside-down": ("capture_clock.cpp", "intake.drop ? 0 : -behind, clock_.rate(), cycle", "intake.drop ? 0 : -behind, 1 / clock_.rate(), cycle"),
    "microphone-keeps-the-85-ms": (
        "record_pacer.cpp", "return kReserve + quantum - static_cast<Frames>(level(now));",
        "return kReserve + 3600 + quantum - static_cast<Frames>(level(now));"),
    "server-counts-on": ("record_pacer.cpp", "if (sent_ / kWrap != (sent_ + frames) / kWrap) {", "if (false) {"),
    "ring-never-overtakes": ("sample_ring.cpp", "return first >= writing_.load(std::memory_order_relaxed) - kCapacity;", "return true;"),
}


def run(*command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)


def build(tree, folder):
    return run("ninja", "-C", str(folder), "-j", os.environ.get("SPICYKVM_JOBS", "1"), "session_test")


def failures(folder):
    test = run(str(folder / "tests/unit/session/session_test"), "--gtest_brief=1")
    return [line.split("]", 1)[1].split(" (")[0].strip() for line in test.stdout.splitlines()
            if line.startswith("[  FAILED  ]") and "(" in line] or (["crash"] if test.returncode else [])


def main():
    wanted = sys.argv[1:] or list(MUTANTS)
    unknown = [name for name in wanted if name not in MUTANTS]
    if unknown:
        sys.exit(f"mutate.py: no mutant {unknown[0]}; there are: {' '.join(MUTANTS)}")
    lived = 0
    with tempfile.TemporaryDirectory() as scratch:
        tree, folder = pathlib.Path(scratch, "tree"), pathlib.Path(scratch, "build")
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".git", "build"))
        configured = run("cmake", "-G", "Ninja", "-S", str(tree), "-B", str(folder), "-DCMAKE_BUILD_TYPE=Debug")
        if configured.returncode or build(tree, folder).returncode or failures(folder):
            sys.exit("mutate.py: the tests do not pass as they are")
        for name in wanted:
            file, old, new = MUTANTS[name]
            path = tree / AUDIO / file
            original = path.read_text()
            if original.count(old) != 1:
                sys.exit(f"mutate.py: {name}: {file} no longer has '{old}' once")
            path.write_text(original.replace(old, new))
            built = build(tree, folder)
            killers = failures(folder) if built.returncode == 0 else []
            path.write_text(original)
            alive = not killers
            lived += alive
            why = "does not compile" if built.returncode else "nobody noticed" if alive else ", ".join(killers[:3])
            print(f"{'LIVED ' if alive else 'killed'}  {name}: {why}", flush=True)
    print(f"{len(wanted) - lived} of {len(wanted)} killed")
    return 1 if lived else 0


sys.exit(main())
