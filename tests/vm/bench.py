#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The benchmarks with a real event node and real I2C buses, in the VM that has /dev/uinput. Everything,
the baselines too, runs under emulation there: only the ratios tell something."""

import argparse
import pathlib
import shlex
import sys
import tempfile

from rig import isolation, kernel
from rig.cache import Cache
from rig.host import MACHINE, HostVm
from rig.monitors import Monitors

MONITORS = 4


def run(host, build, arguments):
    """The program's exit code; its table is shown as it grows."""
    program = f"{MACHINE}{build}/tests/bench/spicykvm-bench"
    daemon = f"{MACHINE}{build}/daemon/spicykvmd"
    monitors = Monitors(host)
    buses = "".join(f" --bus {monitors.plug(f'monitor{i}')[1]}" for i in range(MONITORS))
    job = host.spawn(f"exec {program} --uinput --daemon {daemon}{buses} {shlex.join(arguments)}")
    job.feed = lambda line: print(line, flush=True)
    done = job.wait_done(timeout=1800)
    print(done.err, end="", file=sys.stderr)
    return done.status


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="build folder of preset bench")
    parser.add_argument("arguments", nargs="*", help="after '--': for spicykvm-bench")
    options = parser.parse_args()
    store = Cache()
    kernel.get(store)
    with tempfile.TemporaryDirectory(prefix="spicykvm-vm-") as name:
        isolation.isolate()
        host = HostVm(store, pathlib.Path(name))
        try:
            return run(host, options.build.absolute(), options.arguments)
        finally:
            host.stop()


if __name__ == "__main__":
    sys.exit(main())
