// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later

// Tones: made, and told from silence. Samples are 1.0 at full scale, 48000 a second.
//
// A meter says "SOUND ID TIME HERTZ DB SHARE" for each tenth of a second with sound in it: the
// frequency is that of the median period, so gaps do not change it; DB is 0 for a sine of full
// scale; SHARE of the energy is at that frequency. "SILENT ID TIME" is said once, when it ends.

#pragma once

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { kRate = 48000, kWindow = kRate / 10 };
static const double kTurn = 2 * 3.14159265358979323846;
static const double kSilence = 1e-3; // of full scale, as an amplitude: -60 dB

struct meter {
    const char* id;
    int used;
    bool sounds;
    double samples[kWindow], periods[kWindow];
};

struct tone {
    double hertz, amplitude, phase;
};

static int say_fd = 1;

// In one write, so that lines of several threads or processes stay whole.
__attribute__((format(printf, 1, 2))) static void say(const char* format, ...) {
    char line[512];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(line, sizeof line - 1, format, args);
    va_end(args);
    if (length > (int)sizeof line - 2)
        length = (int)sizeof line - 2;
    line[length++] = '\n';
    while (write(say_fd, line, (size_t)length) < 0)
        usleep(1000);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double tone_next(struct tone* t) {
    t->phase = fmod(t->phase + t->hertz / kRate, 1.0);
    return t->amplitude * sin(kTurn * t->phase);
}

static int compare(const void* a, const void* b) {
    const double left = *(const double*)a, right = *(const double*)b;
    return (left > right) - (left < right);
}

// Of the way between two upward crossings of zero; 0 if there are not three.
static double median_period(struct meter* m) {
    double last = -1;
    int count = 0;
    for (int i = 1; i < kWindow; i++) {
        const double before = m->samples[i - 1], after = m->samples[i];
        if (before >= 0 || after < 0)
            continue;
        const double crossing = i - after / (after - before);
        if (last >= 0)
            m->periods[count++] = crossing - last;
        last = crossing;
    }
    if (count < 2)
        return 0;
    qsort(m->periods, (size_t)count, sizeof *m->periods, compare);
    return m->periods[count / 2];
}

// Of the energy (a sum of squares) that is at one frequency.
static double share_at(const struct meter* m, double hertz, double energy) {
    double x = 0, y = 0;
    for (int i = 0; i < kWindow; i++) {
        x += m->samples[i] * cos(kTurn * hertz * i / kRate);
        y += m->samples[i] * sin(kTurn * hertz * i / kRate);
    }
    return 2 * (x * x + y * y) / (kWindow * energy);
}

static void meter_window(struct meter* m) {
    double energy = 0;
    for (int i = 0; i < kWindow; i++)
        energy += m->samples[i] * m->samples[i];
    const double amplitude = sqrt(2 * energy / kWindow);
    if (amplitude < kSilence) {
        if (m->sounds)
            say("SILENT %s %.6f", m->id, now());
        m->sounds = false;
        return;
    }
    m->sounds = true;
    const double period = median_period(m);
    const double hertz = period > 0 ? kRate / period : 0;
    say("SOUND %s %.6f %.1f %.1f %.2f", m->id, now(), hertz, 20 * log10(amplitude),
        share_at(m, hertz, energy));
}

static void meter_add(struct meter* m, double sample) {
    m->samples[m->used++] = sample;
    if (m->used < kWindow)
        return;
    m->used = 0;
    meter_window(m);
}
