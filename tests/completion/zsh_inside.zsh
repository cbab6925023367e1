# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by an interactive zsh: each word that a completion adds is written to $OFFERED, too.
fpath=($SCRIPTS $fpath)
autoload -Uz compinit
compinit -u -D

compadd() {
    # With -O, -A or -D words are only looked at.
    if [[ -z ${(M)@:#-[OAD]*} ]]; then
        local -a __words
        builtin compadd -O __words "$@"
        (( $#__words )) && print -rl -- $__words >>$OFFERED
    fi
    builtin compadd "$@"
}

done_completing() { print -r -- ---done--- }
comppostfuncs=(done_completing)

# Only then what is typed goes to the line editor.
ready() { print -r -- ---ready--- }
zle -N zle-line-init ready
