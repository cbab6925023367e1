// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later

// buswatch: a resident client of org.spicykvm.Manager on the system bus, so that calls and changes
// carry times that do not include starting a program.
//
//   PROPERTY TIME NAME VALUE     a text of the manager, at the start and when it changes
//   CONNECTION TIME PATH VALUE   of a target, when it changes
//   STEP NAME OUTCOME TEXT       of the switch that the next FINISHED tells of
//   FINISHED TIME TARGET REASON  a switch, there or back
//   OWNER TIME 0|1               the daemon left or entered the bus
//
// Commands on stdin are "ID METHOD [STRING]", answered by "OK ID SENT DONE" or
// "ERROR ID SENT DONE name: text". Calls may overlap. Times are CLOCK_MONOTONIC.

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <time.h>
#include <unistd.h>

static const char kName[] = "org.spicykvm.Manager";
static const char kPath[] = "/org/spicykvm/Manager";

struct call {
    char id[32];
    double sent;
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int on_reply(sd_bus_message* reply, void* data, sd_bus_error* error) {
    struct call* call = data;
    (void)error;
    const sd_bus_error* failed = sd_bus_message_get_error(reply);
    if (failed)
        printf("ERROR %s %.6f %.6f %s: %s\n", call->id, call->sent, now(), failed->name,
               failed->message);
    else
        printf("OK %s %.6f %.6f\n", call->id, call->sent, now());
    free(call);
    return 0;
}

static void command(sd_bus* bus, const char* line) {
    char id[32], method[64], argument[128];
    int words = sscanf(line, "%31s %63s %127[^\n]", id, method, argument);
    if (words < 2)
        return;
    struct call* call = calloc(1, sizeof *call);
    snprintf(call->id, sizeof call->id, "%s", id);
    call->sent = now();
    int result = sd_bus_call_method_async(bus, NULL, kName, kPath, kName, method, on_reply, call,
                                          words > 2 ? "s" : NULL, argument);
    sd_bus_flush(bus);
    if (result >= 0)
        return;
    printf("ERROR %s %.6f %.6f %s\n", id, call->sent, now(), strerror(-result));
    free(call);
}

static void print_property(const char* path, const char* name, const char* value) {
    if (!path)
        printf("PROPERTY %.6f %s %s\n", now(), name, value);
    else if (!strcmp(name, "Connection"))
        printf("CONNECTION %.6f %s %s\n", now(), path, value);
}

// `path` of a target, NULL for the manager.
static int print_changes(sd_bus_message* changes, const char* path) {
    int result = sd_bus_message_enter_container(changes, 'a', "{sv}");
    while (result >= 0 && sd_bus_message_enter_container(changes, 'e', "sv") > 0) {
        const char *name, *type, *value;
        sd_bus_message_read(changes, "s", &name);
        sd_bus_message_peek_type(changes, NULL, &type);
        if (type && !strcmp(type, "s") && sd_bus_message_read(changes, "v", "s", &value) >= 0)
            print_property(path, name, value);
        else
            sd_bus_message_skip(changes, "v");
        sd_bus_message_exit_container(changes);
    }
    return 0;
}

static int on_changed(sd_bus_message* signal, void* data, sd_bus_error* error) {
    (void)data, (void)error;
    const char* interface;
    sd_bus_message_read(signal, "s", &interface);
    if (!strcmp(interface, kName))
        return print_changes(signal, NULL);
    if (!strcmp(interface, "org.spicykvm.Target"))
        return print_changes(signal, sd_bus_message_get_path(signal));
    return 0;
}

static int on_finished(sd_bus_message* signal, void* data, sd_bus_error* error) {
    (void)data, (void)error;
    const char *target, *reason, *step, *outcome, *text;
    sd_bus_message_read(signal, "ss", &target, &reason);
    sd_bus_message_enter_container(signal, 'a', "(sss)");
    while (sd_bus_message_read(signal, "(sss)", &step, &outcome, &text) > 0)
        printf("STEP %s %s %s\n", step, outcome, text);
    printf("FINISHED %.6f %s %s\n", now(), target, reason);
    return 0;
}

static int on_properties(sd_bus_message* reply, void* data, sd_bus_error* error) {
    (void)data, (void)error;
    return sd_bus_message_is_method_error(reply, NULL) ? 0 : print_changes(reply, NULL);
}

static void ask_properties(sd_bus* bus) {
    sd_bus_call_method_async(bus, NULL, kName, kPath, "org.freedesktop.DBus.Properties", "GetAll",
                             on_properties, NULL, "s", kName);
}

static int on_owner(sd_bus_message* signal, void* data, sd_bus_error* error) {
    (void)data, (void)error;
    const char *name, *before, *after;
    sd_bus_message_read(signal, "sss", &name, &before, &after);
    printf("OWNER %.6f %d\n", now(), *after != 0);
    if (*after)
        ask_properties(sd_bus_message_get_bus(signal));
    return 0;
}

// False at the end of stdin.
static bool take_input(sd_bus* bus) {
    static char line[1024];
    static size_t used;
    char bytes[1024];
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
        command(bus, line);
    }
    return true;
}

int main(void) {
    sd_bus* bus = NULL;
    setvbuf(stdout, NULL, _IOLBF, 0);
    int result = sd_bus_open_system(&bus);
    if (result < 0)
        return fprintf(stderr, "system bus: %s\n", strerror(-result)), 1;
    sd_bus_match_signal(bus, NULL, kName, NULL, "org.freedesktop.DBus.Properties",
                        "PropertiesChanged", on_changed, NULL);
    sd_bus_match_signal(bus, NULL, kName, kPath, kName, "SwitchFinished", on_finished, NULL);
    sd_bus_add_match(bus, NULL,
                     "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',"
                     "arg0='org.spicykvm.Manager'",
                     on_owner, NULL);
    printf("READY %.6f\n", now());
    ask_properties(bus);
    for (;;) {
        while ((result = sd_bus_process(bus, NULL)) > 0) {
        }
        if (result < 0)
            return fprintf(stderr, "bus: %s\n", strerror(-result)), 1;
        struct pollfd polled[] = {{0, POLLIN, 0},
                                  {sd_bus_get_fd(bus), (short)sd_bus_get_events(bus), 0}};
        if (poll(polled, 2, 1000) < 0)
            continue;
        if (polled[0].revents && !take_input(bus))
            return 0;
    }
}
