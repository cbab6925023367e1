#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# Do mandoc and groff take the manual pages without a warning, and does every page refer to pages that exist?
# Usage: tests/man_test.sh FOLDER
set -euo pipefail
cd "$1"
wrong=
say() { echo "$*"; wrong=1; }

pages=(*.[1-8])
[[ ${#pages[@]} == 4 ]] || say "four pages are expected, and there are ${#pages[@]}: ${pages[*]}"
for page in "${pages[@]}"; do
    mandoc -T lint -W warning "$page" || say "mandoc: $page"
    said=$(groff -mandoc -Tutf8 -ww -z "$page" 2>&1) || true
    [[ ! $said ]] || say "groff: $said"
    for section in NAME SYNOPSIS DESCRIPTION FILES EXAMPLES 'SEE ALSO'; do
        [[ $page == spicykvmctl.1 && $section == FILES ]] || grep -qx "\.Sh $section" "$page" || say "$page: no $section"
    done
    # Ours by their files; those of others can't be known here.
    while read -r name number; do
        [[ -f $name.$number ]] || say "$page: there is no $name($number)"
    done < <(sed -n 's/^\.Xr \(spicykvm[^ ]*\) \([0-9]\).*/\1 \2/p' "$page")
    # At 80 columns nothing that is typed is broken or runs out of the page.
    MANWIDTH=80 mandoc -T utf8 -O width=80 "$page" | sed 's/.\x08//g' >"${TMPDIR:-/tmp}/page.$$"
    ! grep -nE '^.{81}' "${TMPDIR:-/tmp}/page.$$" || say "$page: lines of more than 80 columns"
    ! grep -n '@[a-z]* *[^ ]*@' "${TMPDIR:-/tmp}/page.$$" || say "$page: something was not filled in"
    rm "${TMPDIR:-/tmp}/page.$$"
done
[[ ! $wrong ]]
