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

from rig import daemon, debian_root, isolation, modules, packages
from rig.cache import Cache
from rig.host import HostVm
from rig.stage import Stage
from rig.system_stage import SystemStage
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
    """How many failed. One that fails is played once more, and called unsteady if it passes then:
    two emulated machines on a busy one are late now and then, by more than any bound allows for."""
    failed = 0
    for scenario in chosen:
        began = time.monotonic()
        good, told = attempt(stage, scenario)
        verdict = "ok      "
        if not good:
            good, again = attempt(stage, scenario)
            verdict = "UNSTEADY" if good else "FAILED  "
            told += f" / the second time: {again}"
        failed += not good
        seconds = time.monotonic() - began
        print(f"{verdict} {seconds:5.1f} s  {scenario.name}" + (f": {told}" if told else ""), flush=True)
    return failed


def usual_stage(store, folder, build):
    payload = daemon.install(build, folder / "payload")
    return lambda: Stage(store, folder, HostVm(store, folder, payload))


def system_stage(store, folder, build):
    built = packages.make(build, folder / "packages")
    debian_root.get(store, packages.dependencies(built))
    return lambda: SystemStage(store, folder, built)


def run_on(make_stage, chosen):
    """On a stage that is made for these scenarios; how many failed."""
    began = time.monotonic()
    stage = make_stage()
    try:
        print(f"both machines are up after {time.monotonic() - began:.1f} s", flush=True)
        return run_all(stage, chosen)
    finally:
        stage.stop()


def run(chosen, folder, build):
    """How many failed."""
    store, stages = Cache(), []
    modules.get(store)
    for name, prepare in (("usual", usual_stage), ("system", system_stage)):
        if these := [s for s in chosen if s.is_system == (name == "system")]:
            (folder / name).mkdir()
            stages.append((prepare(store, folder / name, build), these))
    isolation.isolate()  # from here on without the network
    return sum(run_on(make_stage, these) for make_stage, these in stages)


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
    with tempfile.TemporaryDirectory(prefix="spicykvm-vm-") as folder:
        failed = run(chosen, pathlib.Path(folder), options.build.absolute())
    print(f"{len(chosen) - failed} passed, {failed} failed, 0 skipped", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
