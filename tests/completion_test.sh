#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# bash, zsh and fish complete command lines: do they offer what is expected? The daemon is played by a program that
# knows two targets and two displays.
# Usage: tests/completion_test.sh FOLDER      of the scripts
set -euo pipefail
SCRIPTS=$(realpath "$1")
HERE=$(realpath "$(dirname "$0")")
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
wrong=
cd "$WORK"

mkdir bin home files
touch files/one.toml files/two.toml
cat >bin/spicykvmctl <<'FAKE'
#!/bin/sh
case "$*" in
"targets --names") printf 'win11\nwork\n' ;;
"--bus=session targets --names") echo mine ;;
"displays --names") printf 'card1-DP-1\ncard1-HDMI-A-1\n' ;;
*) echo "spicykvmctl: unexpected: $*" >>"$CALLS"; exit 1 ;;
esac
FAKE
chmod +x bin/spicykvmctl
export CALLS=$WORK/calls PATH=$WORK/bin:$PATH HOME=$WORK/home XDG_CONFIG_HOME=$WORK/home XDG_DATA_HOME=$WORK/home
export LC_ALL=C.UTF-8 TERM=dumb

# Each prints what is offered for a line whose last word is unfinished, a word a line.
in_bash() { bash --norc "$HERE/completion/bash.sh" "$SCRIPTS/bash" "$1"; }
in_zsh() { zsh -f "$HERE/completion/zsh.zsh" "$SCRIPTS/zsh" "$1"; }
in_fish() { fish --no-config -c 'for f in $argv[1]/*.fish; source $f; end; complete -C "$argv[2]"' "$SCRIPTS/fish" "$1" | cut -f1; }

# expect LINE WORDS: all shells offer exactly these words, in any order.
expect() {
    local line=$1 shell offered
    shift
    for shell in bash zsh fish; do
        # The shell's own way: whether a value is offered with its option, "--bus=session"; options where words are meant.
        offered=$(cd files && "in_$shell" "$line" | sed 's/^--[a-z-]*=\(.\)/\1/; s/=$//; s/ *$//' | sort -u)
        [[ $line == *-* && $line != *' ' ]] || offered=$(grep -v '^--' <<<"$offered" || true)
        offered=$(xargs <<<"$offered")
        [[ $offered == "$(printf '%s\n' "$@" | sort -u | xargs)" ]] || {
            echo "$shell: \"$line\" offers \"$offered\", expected \"$*\""
            wrong=1
        }
    done
}

for script in "$SCRIPTS"/bash/*; do bash -n "$script"; done
for script in "$SCRIPTS"/zsh/*; do zsh -n "$script"; done
for script in "$SCRIPTS"/fish/*; do fish --no-execute "$script"; done

expect 'spicykvmctl act' activate
expect 'spicykvmctl de' deactivate devices
expect 'spicykvmctl ddc ' capabilities get probe set test-return
expect 'spicykvmctl config c' check
expect 'spicykvmctl activate ' win11 work
expect 'spicykvmctl activate wi' win11
expect 'spicykvmctl activate win11 '
expect 'spicykvmctl --bus session activate ' mine
expect 'spicykvmctl --bus=session activate ' mine
expect 'spicykvmctl --bus s' system session
expect 'spicykvmctl --bus=se' session
expect 'spicykvmctl status --j' --json
expect 'spicykvmctl status --json --w' --watch
expect 'spicykvmctl status '
expect 'spicykvmctl ddc get ' card1-DP-1 card1-HDMI-A-1
expect 'spicykvmctl ddc set card1-D' card1-DP-1
expect 'spicykvmctl ddc set card1-DP-1 '
expect 'spicykvmctl ddc test-return ' card1-DP-1 card1-HDMI-A-1 win11 work
expect 'spicykvmctl ddc test-return win11 card1-H' card1-HDMI-A-1
expect 'spicykvmctl ddc test-return --sec' --seconds
expect 'spicykvmctl ddc test-return --seconds 5 wi' win11
expect 'spicykvmctl config check o' one.toml
expect 'spicykvmctl --ver' --version
expect 'spicykvmd --bu' --bus
expect 'spicykvmd --bus ' system session
expect 'spicykvmd --config t' two.toml
expect 'spicykvmd --spice-password-' --spice-password-env --spice-password-file
expect 'spicykvmd --spice-host '
expect 'spicykvm-session --log-level d' debug

[[ ! -e $CALLS ]] || { cat "$CALLS"; wrong=1; }
# Without a daemon: nothing is offered, and nothing said.
printf '#!/bin/sh\necho "spicykvmctl: spicykvmd is not running" >&2\nexit 3\n' >bin/spicykvmctl
expect 'spicykvmctl activate '
for shell in bash zsh fish; do
    said=$("in_$shell" 'spicykvmctl activate ' 2>&1)
    [[ ! $said ]] || { echo "$shell: without a daemon: $said"; wrong=1; }
done
[[ ! $wrong ]]
