// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later

// vinput: virtual keyboards and mice made with /dev/uinput, driven by lines on stdin.
//
// Commands are "ID VERB NAME ...", answered by "OK ID TIME" or "ERROR ID reason". TIME is
// CLOCK_MONOTONIC just before the (last) event was written.
//
//   plug NAME keyboard|mouse            a new device called "Virtual NAME"
//   unplug NAME
//   emit NAME TYPE CODE VALUE...        one report of any number of events
//   taps NAME GAP_US CODE...            press and release, GAP_US after each of them
//   flood NAME HZ COUNT                 COUNT reports of REL_X +1
//   beacon NAME PERIOD_US               counted MSC_SCAN reports, 0 stops all (see evwatch)
//
// LEDs that others set on a device are told as "LED NAME TIME CODE VALUE".

#include <errno.h>
#include <fcntl.h>
#include <linux/uinput.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { kMaxDevices = 8, kMaxEvents = 32, kMaxWords = 600, kBeaconTag = 0x5b000000 };

struct device {
    int fd;
    char name[32];
};

static struct device devices[kMaxDevices];
static int device_count;
static int beacon_timer, beacon_fd = -1, beacon_count;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static struct device* find(const char* name) {
    for (int i = 0; i < device_count; i++)
        if (!strcmp(devices[i].name, name))
            return &devices[i];
    return NULL;
}

static bool report(int fd, const struct input_event* events, int count) {
    struct input_event all[kMaxEvents + 1] = {0};
    memcpy(all, events, (size_t)count * sizeof *events);
    all[count].type = EV_SYN;
    all[count].code = SYN_REPORT;
    size_t size = (size_t)(count + 1) * sizeof *all;
    return write(fd, all, size) == (ssize_t)size;
}

static bool send_one(int fd, int type, int code, int value) {
    struct input_event e = {
        .type = (unsigned short)type, .code = (unsigned short)code, .value = value};
    return report(fd, &e, 1);
}

static void declare_keyboard(int fd) {
    for (int code = 1; code < 248; code++)
        ioctl(fd, UI_SET_KEYBIT, code);
    ioctl(fd, UI_SET_EVBIT, EV_REP);
    ioctl(fd, UI_SET_EVBIT, EV_LED);
    for (int code = LED_NUML; code <= LED_SCROLLL; code++)
        ioctl(fd, UI_SET_LEDBIT, code);
}

static void declare_mouse(int fd) {
    static const int axes[] = {
        REL_X, REL_Y, REL_WHEEL, REL_HWHEEL, REL_WHEEL_HI_RES, REL_HWHEEL_HI_RES};
    for (int code = BTN_LEFT; code <= BTN_TASK; code++)
        ioctl(fd, UI_SET_KEYBIT, code);
    ioctl(fd, UI_SET_EVBIT, EV_REL);
    for (size_t i = 0; i < sizeof axes / sizeof *axes; i++)
        ioctl(fd, UI_SET_RELBIT, axes[i]);
}

static bool plug(const char* name, bool is_mouse) {
    if (device_count == kMaxDevices)
        return false;
    int fd = open("/dev/uinput", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return false;
    ioctl(fd, UI_SET_EVBIT, EV_KEY);
    ioctl(fd, UI_SET_EVBIT, EV_MSC);
    ioctl(fd, UI_SET_MSCBIT, MSC_SCAN);
    if (is_mouse)
        declare_mouse(fd);
    else
        declare_keyboard(fd);
    // 1209:0001 is pid.codes' product id for private testing.
    struct uinput_setup setup = {.id = {BUS_USB, 0x1209, 0x0001, 1}};
    snprintf(setup.name, sizeof setup.name, "Virtual %s", name);
    char phys[64];
    snprintf(phys, sizeof phys, "spicykvm-test/%s", name);
    ioctl(fd, UI_SET_PHYS, phys);
    if (ioctl(fd, UI_DEV_SETUP, &setup) || ioctl(fd, UI_DEV_CREATE))
        return close(fd), false;
    struct device* d = &devices[device_count++];
    d->fd = fd;
    snprintf(d->name, sizeof d->name, "%s", name);
    return true;
}

static void unplug(struct device* d) {
    if (beacon_fd == d->fd)
        beacon_fd = -1;
    ioctl(d->fd, UI_DEV_DESTROY);
    close(d->fd);
    *d = devices[--device_count];
}

static bool emit(const struct device* d, char** words, int count) {
    struct input_event events[kMaxEvents] = {0};
    if (count % 3 || count / 3 > kMaxEvents)
        return errno = EINVAL, false;
    for (int i = 0; i < count / 3; i++) {
        events[i].type = (unsigned short)atoi(words[3 * i]);
        events[i].code = (unsigned short)atoi(words[3 * i + 1]);
        events[i].value = atoi(words[3 * i + 2]);
    }
    return report(d->fd, events, count / 3);
}

static bool taps(const struct device* d, char** words, int count) {
    unsigned gap = (unsigned)atoi(words[0]);
    for (int i = 1; i < count; i++)
        for (int down = 1; down >= 0; down--) {
            if (!send_one(d->fd, EV_KEY, atoi(words[i]), down))
                return false;
            if (down || i + 1 < count)
                usleep(gap);
        }
    return true;
}

static bool flood(const struct device* d, int hz, int count) {
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (int i = 0; i < count; i++) {
        if (!send_one(d->fd, EV_REL, REL_X, 1))
            return false;
        next.tv_nsec += 1000000000 / hz;
        if (next.tv_nsec >= 1000000000)
            next.tv_sec++, next.tv_nsec -= 1000000000;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    }
    return true;
}

// Without a device (it may be unplugged by now) they can only be stopped.
static bool set_beacon(const struct device* d, long period_us) {
    struct itimerspec spec = {0};
    spec.it_interval.tv_nsec = spec.it_value.tv_nsec = period_us * 1000;
    beacon_fd = period_us && d ? d->fd : -1;
    return timerfd_settime(beacon_timer, 0, &spec, NULL) == 0;
}

static void send_beacon(void) {
    unsigned long long expired;
    if (read(beacon_timer, &expired, sizeof expired) > 0 && beacon_fd >= 0)
        send_one(beacon_fd, EV_MSC, MSC_SCAN, kBeaconTag | (++beacon_count & 0xffffff));
}

static bool perform(const char* verb, const char* name, char** words, int count) {
    struct device* d = find(name);
    bool is_plug = !strcmp(verb, "plug");
    errno = is_plug == !d ? EINVAL : d ? EEXIST : ENODEV;
    if (is_plug)
        return !d && count == 1 && plug(name, !strcmp(words[0], "mouse"));
    if (!strcmp(verb, "beacon") && count == 1)
        return set_beacon(d, atol(words[0]));
    if (!d)
        return false;
    if (!strcmp(verb, "unplug"))
        return unplug(d), true;
    if (!strcmp(verb, "emit"))
        return emit(d, words, count);
    if (!strcmp(verb, "taps") && count > 1)
        return taps(d, words, count);
    if (!strcmp(verb, "flood") && count == 2)
        return flood(d, atoi(words[0]), atoi(words[1]));
    return false;
}

static void command(char* line) {
    char* words[kMaxWords];
    int count = 0;
    for (char* w = strtok(line, " "); w && count < kMaxWords; w = strtok(NULL, " "))
        words[count++] = w;
    if (count < 3)
        return;
    double t = now();
    if (perform(words[1], words[2], words + 3, count - 3)) {
        if (!strcmp(words[1], "taps") || !strcmp(words[1], "flood"))
            t = now();
        printf("OK %s %.6f\n", words[0], t);
    } else {
        printf("ERROR %s %s: %s\n", words[0], words[1], strerror(errno));
    }
}

static void print_leds(const struct device* d) {
    struct input_event e;
    while (read(d->fd, &e, sizeof e) == sizeof e)
        if (e.type == EV_LED)
            printf("LED %s %.6f %d %d\n", d->name, now(), e.code, e.value);
}

// False at the end of stdin.
static bool take_input(void) {
    static char line[4096];
    static size_t used;
    char bytes[4096];
    ssize_t n = read(0, bytes, sizeof bytes);
    if (n <= 0)
        return n < 0 && errno == EINTR;
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

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    beacon_timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    printf("READY %.6f\n", now());
    for (;;) {
        struct pollfd polled[2 + kMaxDevices] = {{0, POLLIN, 0}, {beacon_timer, POLLIN, 0}};
        int known = device_count;
        for (int i = 0; i < known; i++)
            polled[2 + i] = (struct pollfd){devices[i].fd, POLLIN, 0};
        if (poll(polled, (nfds_t)(2 + known), -1) < 0)
            continue;
        if (polled[1].revents)
            send_beacon();
        for (int i = 0; i < known; i++)
            if (polled[2 + i].revents)
                print_leds(&devices[i]);
        if (polled[0].revents && !take_input())
            return 0;
    }
}
