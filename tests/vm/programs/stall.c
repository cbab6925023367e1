// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later

// stall TID: stops one thread of a process while the others run on (SIGSTOP would stop them all),
// says "STALLED TIME", and lets it go at the end of stdin.

#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

int main(int argc, char** argv) {
    pid_t tid = argc == 2 ? atoi(argv[1]) : 0;
    if (tid <= 0 || ptrace(PTRACE_SEIZE, tid, 0L, 0L) || ptrace(PTRACE_INTERRUPT, tid, 0L, 0L) ||
        waitpid(tid, NULL, __WALL) != tid)
        return perror("stall"), 1;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    printf("STALLED %lld.%06ld\n", (long long)t.tv_sec, t.tv_nsec / 1000);
    fflush(stdout);
    while (getchar() != EOF) {
    }
    return ptrace(PTRACE_DETACH, tid, 0L, 0L) ? 1 : 0;
}
