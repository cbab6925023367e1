#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints "passed failed skipped" of a JUnit report of ctest. Usage: count_junit.py FILE"""
import sys
import xml.etree.ElementTree as ElementTree

suite = ElementTree.parse(sys.argv[1]).getroot()
tests, failed, skipped = (int(suite.get(key, 0)) for key in ("tests", "failures", "skipped"))
skipped += int(suite.get("disabled", 0))
if tests == 0:
    sys.exit("no test ran")
print(tests - failed - skipped, failed, skipped)
