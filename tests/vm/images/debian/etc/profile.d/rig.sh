# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later
# Who logs in on tty1 takes commands from the tests: they run in that session. What is typed in the
# tests appears on its terminal, and must not stop it.
if [ "$(tty)" = /dev/tty1 ]; then
    stty -isig -echo
    exec /run/rig/runner /dev/vport0p2
fi
