# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# What zsh would offer: the line and a tab are typed into a second zsh, in a pseudo-terminal.
# Usage: zsh.zsh FOLDER LINE
zmodload zsh/zpty
export SCRIPTS=$1 OFFERED=$(mktemp)
zpty shell zsh -f -i
zpty -w shell "source ${(q)0:A:h}/zsh_inside.zsh"
zpty -r -m shell said '*---ready---*'
zpty -w -n shell $2$'\t'
zpty -r -m shell said '*---done---*'
zpty -d shell
cat $OFFERED
rm $OFFERED
