// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later

// runner [PORT]: runs shell commands for the rig, many at a time, over one line-based connection
// (stdin and stdout, or a virtio-serial port).
//
//   ID run COMMAND      a shell command; "\n" and "\\" are escaped
//   ID in LINE          one line for its stdin          ID eof    the end of its stdin
//   ID kill SIGNAL      to its whole process group
//   ID signal PID SIG   to any process; answered by ID x 0 TIME TIME
//   ID o LINE, ID e LINE          what it says on stdout and stderr
//   ID x STATUS START END         it ended (128 + signal if killed); times are CLOCK_MONOTONIC
//
// The end of stdin kills everything that still runs.

#define _GNU_SOURCE // pipe2, ppoll

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kMaxJobs = 64, kLineSize = 65536 };

struct stream {
    int fd;
    size_t used;
    char* buffer;
};

struct job {
    char id[24];
    pid_t pid;
    int in;
    double start;
    struct stream out, err;
};

static struct job jobs[kMaxJobs];
static int job_count;
static int in_fd = 0, out_fd = 1;
static sigset_t usual_signals;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void put(const char* bytes, size_t size) {
    while (size) {
        ssize_t n = write(out_fd, bytes, size);
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return;
        if (n < 0)
            usleep(1000);
        if (n > 0)
            bytes += n, size -= (size_t)n;
    }
}

static void say(const char* id, char kind, const char* text, size_t size) {
    static char line[kLineSize + 64];
    int head = snprintf(line, 64, "%s %c ", id, kind);
    memcpy(line + head, text, size);
    line[(size_t)head + size] = '\n';
    put(line, (size_t)head + size + 1);
}

static void say_end(const char* id, int status, double start) {
    char text[80];
    int n = snprintf(text, sizeof text, "%d %.6f %.6f", status, start, now());
    say(id, 'x', text, (size_t)n);
}

static struct job* find(const char* id) {
    for (int i = 0; i < job_count; i++)
        if (!strcmp(jobs[i].id, id))
            return &jobs[i];
    return NULL;
}

static void unescape(char* text) {
    char* to = text;
    for (char* from = text; *from; from++) {
        if (*from == '\\' && from[1])
            *to++ = *++from == 'n' ? '\n' : *from;
        else
            *to++ = *from;
    }
    *to = 0;
}

static void exec_shell(char* text, int in, int out, int err) {
    setpgid(0, 0);
    sigprocmask(SIG_SETMASK, &usual_signals, NULL);
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    signal(SIGPIPE, SIG_DFL);
    execl("/bin/sh", "sh", "-c", text, (char*)NULL);
    _exit(127);
}

static void run(const char* id, char* text) {
    int in[2], out[2], err[2];
    unescape(text);
    if (job_count == kMaxJobs || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) ||
        pipe2(err, O_CLOEXEC))
        return say_end(id, 126, now());
    struct job* j = &jobs[job_count++];
    memset(j, 0, sizeof *j);
    snprintf(j->id, sizeof j->id, "%s", id);
    j->start = now();
    j->in = in[1];
    j->out = (struct stream){out[0], 0, malloc(kLineSize)};
    j->err = (struct stream){err[0], 0, malloc(kLineSize)};
    j->pid = fork();
    if (j->pid == 0)
        exec_shell(text, in[0], out[1], err[1]);
    setpgid(j->pid, j->pid);
    close(in[0]);
    close(out[1]);
    close(err[1]);
}

static void write_line(struct job* j, const char* text) {
    if (j->in < 0)
        return;
    size_t size = strlen(text);
    if (write(j->in, text, size) < 0 || write(j->in, "\n", 1) < 0) {
        close(j->in);
        j->in = -1;
    }
}

static void end_input(struct job* j) {
    if (j->in >= 0)
        close(j->in);
    j->in = -1;
}

static void command(char* line) {
    char id[24], verb[16];
    int start = 0, pid = 0, number = 0;
    if (sscanf(line, "%23s %15s %n", id, verb, &start) < 2)
        return;
    char* rest = line + start;
    if (!strcmp(verb, "run"))
        return run(id, rest);
    if (!strcmp(verb, "signal") && sscanf(rest, "%d %d", &pid, &number) == 2) {
        double t = now();
        return say_end(id, kill(pid, number) ? errno : 0, t);
    }
    struct job* j = find(id);
    if (!j)
        return;
    if (!strcmp(verb, "in"))
        write_line(j, rest);
    if (!strcmp(verb, "eof"))
        end_input(j);
    if (!strcmp(verb, "kill"))
        kill(-j->pid, atoi(rest));
}

static void close_stream(const char* id, char kind, struct stream* s) {
    if (s->fd < 0)
        return;
    if (s->used)
        say(id, kind, s->buffer, s->used);
    close(s->fd);
    free(s->buffer);
    s->fd = -1;
}

static void copy_output(const char* id, char kind, struct stream* s) {
    ssize_t n = read(s->fd, s->buffer + s->used, kLineSize - s->used);
    if (n < 0 && errno == EINTR)
        return;
    if (n <= 0)
        return close_stream(id, kind, s);
    s->used += (size_t)n;
    char *start = s->buffer, *end;
    while ((end = memchr(start, '\n', s->used - (size_t)(start - s->buffer)))) {
        say(id, kind, start, (size_t)(end - start));
        start = end + 1;
    }
    s->used -= (size_t)(start - s->buffer);
    memmove(s->buffer, start, s->used);
    if (s->used == kLineSize) {
        say(id, kind, s->buffer, s->used);
        s->used = 0;
    }
}

// A job ends when its shell has ended, even if something in the background still holds its output.
static void reap(int index) {
    struct job* j = &jobs[index];
    int status;
    if (waitpid(j->pid, &status, WNOHANG) != j->pid)
        return;
    struct stream* streams[] = {&j->out, &j->err};
    for (int i = 0; i < 2; i++) {
        struct pollfd left = {streams[i]->fd, POLLIN, 0};
        while (streams[i]->fd >= 0 && poll(&left, 1, 0) > 0) {
            copy_output(j->id, i ? 'e' : 'o', streams[i]);
            left.fd = streams[i]->fd;
        }
        close_stream(j->id, i ? 'e' : 'o', streams[i]);
    }
    end_input(j);
    say_end(j->id, WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status), j->start);
    jobs[index] = jobs[--job_count];
}

// False at the end of stdin. A virtio port without a peer reads 0 or hangs up: wait for the next.
static bool take_input(bool is_port) {
    static char line[kLineSize];
    static size_t used;
    char bytes[4096];
    ssize_t n = read(in_fd, bytes, sizeof bytes);
    if (n <= 0) {
        if (is_port)
            usleep(20000);
        return is_port || (n < 0 && errno == EINTR);
    }
    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] != '\n') {
            if (used < sizeof line - 1)
                line[used++] = bytes[i];
            continue;
        }
        line[used] = 0;
        used = 0;
        command(line);
    }
    return true;
}

static void on_child(int number) {
    (void)number;
}

static int poll_jobs(struct pollfd* polled) {
    int count = 0;
    for (int i = 0; i < job_count; i++) {
        polled[count++] = (struct pollfd){jobs[i].out.fd, POLLIN, 0};
        polled[count++] = (struct pollfd){jobs[i].err.fd, POLLIN, 0};
    }
    return count;
}

static void serve(bool is_port) {
    for (;;) {
        struct pollfd polled[1 + 2 * kMaxJobs] = {{in_fd, POLLIN, 0}};
        int known = poll_jobs(polled + 1) / 2;
        // SIGCHLD is only let in here, so that no end of a job is missed.
        int ready = ppoll(polled, (nfds_t)(1 + 2 * known), NULL, &usual_signals);
        for (int i = 0; ready > 0 && i < known; i++) {
            if (polled[1 + 2 * i].revents)
                copy_output(jobs[i].id, 'o', &jobs[i].out);
            if (polled[2 + 2 * i].revents)
                copy_output(jobs[i].id, 'e', &jobs[i].err);
        }
        for (int i = job_count - 1; i >= 0; i--)
            reap(i);
        if (ready > 0 && polled[0].revents && !take_input(is_port))
            return;
    }
}

int main(int argc, char** argv) {
    bool is_port = argc > 1;
    if (is_port) {
        in_fd = out_fd = open(argv[1], O_RDWR | O_CLOEXEC);
        if (in_fd < 0)
            return perror(argv[1]), 1;
    }
    signal(SIGPIPE, SIG_IGN);
    struct sigaction action = {.sa_handler = on_child};
    sigaction(SIGCHLD, &action, NULL);
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCHLD);
    sigprocmask(SIG_BLOCK, &blocked, &usual_signals);
    char ready[64];
    put(ready, (size_t)snprintf(ready, sizeof ready, "READY %.6f\n", now()));
    serve(is_port);
    for (int i = 0; i < job_count; i++)
        kill(-jobs[i].pid, SIGKILL);
    return 0;
}
