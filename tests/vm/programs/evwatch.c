// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later

// evwatch [PORT]: what this kernel's evdev delivers, one line per event.
//
// Reads every /dev/input/eventN without grabbing it, as a compositor does, so it falls silent while
// somebody else holds a grab. Talks on stdin and stdout, or on PORT (a virtio-serial port).
//
//   DEV eventN "name" | GONE eventN           a node came or went
//   EV TIME eventN TYPE CODE VALUE            one event; TIME is CLOCK_MONOTONIC of the kernel
//   DROPPED TIME eventN                       SYN_DROPPED: this reader was too slow
//   MISSED TIME FROM TIME TO                  beacons (see vinput) did not arrive between the two
//                                             (0: none arrived before)
//
// Commands are "ID VERB ...", answered by their lines and "OK ID TIME". All events that the kernel
// delivered before a command are printed before its answer, so any command is also a fence.
//
//   keys  DOWN eventN CODE...                 the kernel's own key state (EVIOCGKEY)
//   leds  LIT eventN CODE...                  the kernel's own LED state (EVIOCGLED)
//   led CODE 0|1                              sets an LED on every node that has it
//   show 0|1                                  stop or resume EV lines (floods; sums go on)
//   sums  SUM eventN EVENTS X Y WHEEL         since the last "sums"
//   devices  DEV eventN "name"                all nodes again
//   ping                                      a fence and nothing else
//   poweroff                                  as PID 1 of a VM

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <time.h>
#include <unistd.h>

enum { kMaxDevices = 64, kBeaconTag = 0x5b000000, kBeaconMask = 0x00ffffff };

struct device {
    int fd;
    char node[32], name[80];
    long events, x, y, wheel;
};

static struct device devices[kMaxDevices];
static int device_count;
static int in_fd = 0, out_fd = 1;
static bool show = true;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double stamp(const struct input_event* e) {
    return (double)e->input_event_sec + (double)e->input_event_usec * 1e-6;
}

__attribute__((format(printf, 1, 2))) static void say(const char* format, ...) {
    char line[4096];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(line, sizeof line - 1, format, args);
    va_end(args);
    if (length > (int)sizeof line - 2)
        length = (int)sizeof line - 2;
    line[length++] = '\n';
    for (int done = 0; done < length;) {
        ssize_t n = write(out_fd, line + done, (size_t)(length - done));
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return;
        if (n < 0)
            usleep(1000);
        if (n > 0)
            done += (int)n;
    }
}

static void add_device(const char* node) {
    for (int i = 0; i < device_count; i++)
        if (!strcmp(devices[i].node, node))
            return;
    char path[300];
    snprintf(path, sizeof path, "/dev/input/%s", node);
    int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || device_count == kMaxDevices)
        return;
    int clock = CLOCK_MONOTONIC;
    ioctl(fd, EVIOCSCLOCKID, &clock);
    struct device* d = &devices[device_count++];
    memset(d, 0, sizeof *d);
    d->fd = fd;
    ioctl(fd, EVIOCGNAME(sizeof d->name - 1), d->name);
    snprintf(d->node, sizeof d->node, "%.31s", node);
    say("DEV %s \"%s\"", d->node, d->name);
}

static void find_devices(void) {
    DIR* dir = opendir("/dev/input");
    if (!dir)
        return;
    for (struct dirent* e; (e = readdir(dir));)
        if (!strncmp(e->d_name, "event", 5))
            add_device(e->d_name);
    closedir(dir);
}

static void drop_device(int i) {
    say("GONE %s", devices[i].node);
    close(devices[i].fd);
    devices[i] = devices[--device_count];
}

// A beacon is MSC_SCAN with a counter in it: harmless to every reader, and a gap in the counter
// tells exactly from when to when this reader was cut off by a grab.
static bool is_beacon(const struct input_event* e) {
    static int last;
    static double last_time;
    if (e->type != EV_MSC || e->code != MSC_SCAN || (e->value & ~kBeaconMask) != kBeaconTag)
        return false;
    int count = e->value & kBeaconMask;
    if (count > last + 1)
        say("MISSED %.6f %d %.6f %d", last_time, last, stamp(e), count);
    last = count;
    last_time = stamp(e);
    return true;
}

static void take_event(struct device* d, const struct input_event* e) {
    if (e->type == EV_SYN && e->code == SYN_DROPPED)
        say("DROPPED %.6f %s", stamp(e), d->node);
    if (e->type == EV_SYN || is_beacon(e))
        return;
    d->events++;
    if (e->type == EV_REL && e->code == REL_X)
        d->x += e->value;
    if (e->type == EV_REL && e->code == REL_Y)
        d->y += e->value;
    if (e->type == EV_REL && e->code == REL_WHEEL)
        d->wheel += e->value;
    if (show)
        say("EV %.6f %s %d %d %d", stamp(e), d->node, e->type, e->code, e->value);
}

// False once the device is gone (ENODEV).
static bool drain_device(struct device* d) {
    struct input_event events[64];
    for (;;) {
        ssize_t n = read(d->fd, events, sizeof events);
        if (n <= 0)
            return n < 0 && (errno == EAGAIN || errno == EINTR);
        for (size_t i = 0; i < (size_t)n / sizeof *events; i++)
            take_event(d, &events[i]);
    }
}

static void drain_all(void) {
    for (int i = device_count - 1; i >= 0; i--)
        if (!drain_device(&devices[i]))
            drop_device(i);
}

static void print_bits(const char* label, const char* node, const unsigned char* bits, int count) {
    char list[3000];
    int used = 0;
    list[0] = 0;
    for (int i = 0; i < count && used < (int)sizeof list - 8; i++)
        if (bits[i / 8] >> (i % 8) & 1)
            used += snprintf(list + used, 8, " %d", i);
    say("%s %s%s", label, node, list);
}

static void print_state(bool keys) {
    for (int i = 0; i < device_count; i++) {
        unsigned char bits[KEY_CNT / 8] = {0};
        if (ioctl(devices[i].fd, keys ? EVIOCGKEY(sizeof bits) : EVIOCGLED(sizeof bits), bits) >= 0)
            print_bits(keys ? "DOWN" : "LIT", devices[i].node, bits, keys ? KEY_CNT : LED_CNT);
    }
}

static void set_led(int code, int value) {
    struct input_event e[2] = {{.type = EV_LED, .code = (unsigned short)code, .value = value},
                               {.type = EV_SYN, .code = SYN_REPORT}};
    for (int i = 0; i < device_count; i++) {
        unsigned char bits[LED_CNT / 8 + 1] = {0};
        ioctl(devices[i].fd, EVIOCGBIT(EV_LED, sizeof bits), bits);
        if (!(bits[code / 8] >> (code % 8) & 1))
            continue;
        if (write(devices[i].fd, e, sizeof e) < 0)
            say("ERROR led: %s", strerror(errno));
    }
}

static void print_devices(void) {
    for (int i = 0; i < device_count; i++)
        say("DEV %s \"%s\"", devices[i].node, devices[i].name);
}

static void print_sums(void) {
    for (int i = 0; i < device_count; i++) {
        struct device* d = &devices[i];
        say("SUM %s %ld %ld %ld %ld", d->node, d->events, d->x, d->y, d->wheel);
        d->events = d->x = d->y = d->wheel = 0;
    }
}

static void command(const char* line) {
    char id[32], verb[32];
    int a = 0, b = 0;
    int n = sscanf(line, "%31s %31s %d %d", id, verb, &a, &b);
    if (n < 2)
        return;
    drain_all();
    if (!strcmp(verb, "keys"))
        print_state(true);
    else if (!strcmp(verb, "leds"))
        print_state(false);
    else if (!strcmp(verb, "led") && n == 4 && a >= 0 && a < LED_CNT)
        set_led(a, b);
    else if (!strcmp(verb, "show") && n == 3)
        show = a != 0;
    else if (!strcmp(verb, "sums"))
        print_sums();
    else if (!strcmp(verb, "devices"))
        print_devices();
    else if (!strcmp(verb, "poweroff"))
        reboot(RB_POWER_OFF);
    else if (strcmp(verb, "ping"))
        say("ERROR unknown command: %s", line);
    say("OK %s %.6f", id, now());
}

// False at the end of stdin. A virtio port without a peer reads 0 or hangs up: wait for the next.
static bool take_input(bool is_port) {
    static char line[512];
    static size_t used;
    char bytes[512];
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

int main(int argc, char** argv) {
    bool is_port = argc > 1;
    if (is_port) {
        in_fd = out_fd = -1;
        for (int i = 0; i < 250 && in_fd < 0; i++, usleep(20000))
            in_fd = open(argv[1], O_RDWR);
        if (in_fd < 0)
            return perror(argv[1]), 1;
        out_fd = in_fd;
    }
    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    inotify_add_watch(watch, "/dev/input", IN_CREATE | IN_ATTRIB);
    find_devices();
    say("READY %.6f", now());
    for (;;) {
        struct pollfd polled[2 + kMaxDevices] = {{in_fd, POLLIN, 0}, {watch, POLLIN, 0}};
        for (int i = 0; i < device_count; i++)
            polled[2 + i] = (struct pollfd){devices[i].fd, POLLIN, 0};
        if (poll(polled, (nfds_t)(2 + device_count), -1) < 0)
            continue;
        drain_all();
        if (polled[1].revents) {
            char ignored[4096];
            while (read(watch, ignored, sizeof ignored) > 0) {
            }
            find_devices();
        }
        if (polled[0].revents && !take_input(is_port))
            return 0;
    }
}
