#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Stories with two machines: a real grab on real event nodes, a real guest at the far end.

Each checks both kernels' own key state at its end, and says how fast the keyboard was back.
"""

import argparse
import pathlib
import sys
import tempfile
import time
import traceback

from rig import daemon, isolation, modules
from rig.cache import Cache
from rig.stage import Stage
from scenarios import SCENARIOS


def play(stage, scenario):
    """What the scenario has to say; raises if something is wrong."""
    try:
        if scenario.begins:
            stage.begin()
        return scenario.run(stage)
    except BaseException:
        print(stage.host.daemon_log())
        raise
    finally:
        stage.end()


def attempt(stage, scenario):
    """Whether it passed, and what it told."""
    try:
        return True, play(stage, scenario) or ""
    except Exception as error:  # the next scenario starts from nothing again
        if not isinstance(error, (AssertionError, TimeoutError)):
            traceback.print_exc()
        return False, f"{type(error).__name__}: {error}"


def run_all(stage, chosen):
    """Whether all passed. One that fails is played once more, and called unsteady if it passes then:
    two emulated machines on a busy one are late now and then, by more than any bound allows for."""
    passed = failed = 0
    for scenario in chosen:
        began = time.monotonic()
        good, told = attempt(stage, scenario)
        verdict = "ok      "
        if not good:
            good, again = attempt(stage, scenario)
            verdict = "UNSTEADY" if good else "FAILED  "
            told += f" / the second time: {again}"
        passed += good
        failed += not good
        seconds = time.monotonic() - began
        print(f"{verdict} {seconds:5.1f} s  {scenario.name}" + (f": {told}" if told else ""), flush=True)
    print(f"{passed} passed, {failed} failed, 0 skipped", flush=True)
    return failed == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True, help="cmake's build folder")
    parser.add_argument("-l", "--list", action="store_true", help="only list the scenarios")
    parser.add_argument("words", nargs="*", help="only scenarios with one of these in their name")
    options = parser.parse_args()
    chosen = [s for s in SCENARIOS if not options.words or any(w in s.name for w in options.words)]
    if options.list or not chosen:
        print("\n".join(s.name for s in chosen) or "no such scenario")
        return 0 if chosen else 2
    store = Cache()
    modules.get(store)
    with tempfile.TemporaryDirectory(prefix="spicykvm-vm-") as name:
        folder = pathlib.Path(name)
        payload = daemon.install(options.build.absolute(), folder / "payload")
        isolation.isolate()
        began = time.monotonic()
        stage = Stage(store, folder, payload)
        try:
            print(f"both machines are up after {time.monotonic() - began:.1f} s", flush=True)
            return 0 if run_all(stage, chosen) else 1
        finally:
            stage.stop()


if __name__ == "__main__":
    sys.exit(main())
