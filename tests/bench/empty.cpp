// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the daemon's shared libraries alone take of memory; see memory.cpp.
#include <unistd.h>

int main() {
    ::pause();
}
