# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC1090
# What bash would offer: the words of the line as readline splits them, handed to the function that the script registers.
# Usage: bash.sh FOLDER LINE
for script in "$1"/*; do source "$script"; done
line=$2
COMP_LINE=$line
COMP_POINT=${#line}
read -ra words <<<"${line//=/ = }" # '=' is one of COMP_WORDBREAKS
[[ $line != *[\ =] ]] || words+=('')
COMP_WORDS=("${words[@]}")
COMP_CWORD=$((${#words[@]} - 1))
function_name=$(complete -p "${words[0]}" | sed 's/.*-F \([^ ]*\).*/\1/')
"$function_name" "${words[0]}" "${words[COMP_CWORD]}" "${words[COMP_CWORD - 1]}"
[[ ${#COMPREPLY[@]} == 0 ]] || printf '%s\n' "${COMPREPLY[@]}"
