#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks what a compiler does not: who may include whom, licence headers, sizes of files and functions.

Usage: check_tree.py [ROOT]. Prints one line a finding (file:line: what) and exits 1 if there is any.
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()

# The layers of docs/architecture.md: a folder may include itself and these. Siblings never include each other.
ALLOWED = {
    "base": set(),
    "core": {"base"},
    "diagnosis": {"base"},
    "config": {"base", "core"},
    "input": {"base", "core", "diagnosis"},
    "spice": {"base", "core"},
    "ddc": {"base", "core", "diagnosis"},
    "service": {"base", "core", "diagnosis"},
    # Another process, above the protocol: its channels come linked, from the daemon.
    "session": {"base", "core", "spice"},
}
# Decisions only: no descriptors, clocks, logs or libraries that do I/O.
IMPURE = re.compile(r"<(unistd\.h|fcntl\.h|poll\.h|sys/(?!types\.h).*|systemd/.*|spdlog/.*|sdbus-c\+\+/.*|libevdev/.*|thread|mutex)>")
IMPURE_OWN = re.compile(r'"base/(fd|event_loop|log|mailbox|bus|notify|sdbus_compat)\.h"')
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
SOURCES = {".h", ".cpp", ".c"}
LICENSED = SOURCES | {".py", ".sh", ".cmake"}


def tracked():
    listing = subprocess.run(["git", "-C", str(ROOT), "ls-files"], check=True, capture_output=True, text=True)
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


def check_includes(path, lines):
    parts = path.relative_to(ROOT).parts
    if parts[0] == "ctl":
        layer, allowed = "ctl", {"base", "diagnosis"}
    elif parts[0] == "daemon" and len(parts) > 2:
        layer, allowed = parts[1], ALLOWED.get(parts[1])
        if allowed is None:
            yield 1, f"folder daemon/{layer} is not in the layer table"
            return
    else:
        return
    known = set(ALLOWED) | {"ctl"}
    for number, line in enumerate(lines, 1):
        match = re.match(r'\s*#\s*include\s+("([^/"]+)/[^"]+"|<[^>]+>)', line)
        if not match:
            continue
        target = match.group(2)
        if target in known and target != layer and target not in allowed:
            yield number, f"{layer} must not include {target}"
        if layer == "core" and (IMPURE.search(line) or IMPURE_OWN.search(line)):
            yield number, "core is pure: no descriptors, clocks, logs or threads"


def check_functions(paths):
    command = ["ctags", "--languages=C,C++", "--map-C++=+.h", "--fields=+ne", "--kinds-C++=f", "--kinds-C=f",
               "--output-format=json", "-f-", *map(str, paths)]
    tags = subprocess.run(command, check=True, capture_output=True, text=True)
    for tag in map(json.loads, tags.stdout.splitlines()):
        length = tag.get("end", tag["line"]) - tag["line"] + 1
        if length > MAX_FUNCTION_LINES:
            yield tag["path"], tag["line"], f"function {tag['name']} has {length} lines, at most {MAX_FUNCTION_LINES}"


def main():
    findings = []
    sources = []
    for path in tracked():
        relative = path.relative_to(ROOT)
        if path.suffix not in LICENSED and path.name != "CMakeLists.txt":
            continue
        lines = path.read_text(errors="replace").splitlines()
        if lines and not any("SPDX-License-Identifier: GPL-2.0-or-later" in line for line in lines[:4]):
            findings.append((relative, 1, "no SPDX-License-Identifier in the first lines"))
        if path.suffix not in SOURCES:
            continue
        if relative.parts[0] in ("daemon", "ctl"):
            sources.append(path)
            if len(lines) > MAX_FILE_LINES:
                findings.append((relative, 1, f"{len(lines)} lines, at most {MAX_FILE_LINES}"))
        findings += [(relative, number, text) for number, text in check_includes(path, lines)]
    findings += [(pathlib.Path(p).relative_to(ROOT), n, t) for p, n, t in check_functions(sources)]
    for path, number, text in findings:
        print(f"{path}:{number}: {text}")
    return 1 if findings else 0


sys.exit(main())
