// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later

// grab NODE: keeps an event node to itself until it is killed, as a program that remaps keys does.

#include <fcntl.h>
#include <linux/input.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(int argc, char** argv) {
    int node = argc == 2 ? open(argv[1], O_RDONLY) : -1;
    if (node < 0 || ioctl(node, EVIOCGRAB, 1))
        return perror("grab"), 1;
    puts("READY");
    fflush(stdout);
    for (;;)
        pause();
}
