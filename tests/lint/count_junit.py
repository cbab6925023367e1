#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints "passed failed skipped" of a JUnit report of ctest, and on stderr what each failed or skipped test said.

Usage: count_junit.py FILE
"""
import sys
import xml.etree.ElementTree as ElementTree

KEPT = 60  # lines from each end of what a test said: enough for a sanitizer's report

suite = ElementTree.parse(sys.argv[1]).getroot()
tests, failed, skipped = (int(suite.get(key, 0)) for key in ("tests", "failures", "skipped"))
skipped += int(suite.get("disabled", 0))
if tests == 0:
    sys.exit("no test ran")
for case in suite.iter("testcase"):
    if case.get("status") != "run":
        print(f"--- {case.get('status')}: {case.get('name')}", file=sys.stderr)
        said = (case.findtext("system-out") or "").splitlines()
        if len(said) > 2 * KEPT:
            said[KEPT:-KEPT] = [f"... {len(said) - 2 * KEPT} lines ..."]
        print("\n".join(said), file=sys.stderr)
print(tests - failed - skipped, failed, skipped)
