// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later

// pcm PORT: plays and records with the first sound card, its mixer fully open, without ALSA's
// library. Says READY on PORT (a virtio-serial port) as soon as the card is there.
//
//   ID play HERTZ MS    a sine at a quarter of full scale (-12 dB)
//   ID record MS        what is heard meanwhile: see tone.h
//   ID volume PERCENT   of the steps of the playback volume
//
// Answered by "OK ID TIME XRUNS" when it is done, or "ERROR ID TEXT". Many may run at a time.

#include "tone.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sound/asound.h>
#include <string.h>
#include <sys/ioctl.h>

enum { kPeriod = 1024, kPeriods = 8 };

static void set_range(struct snd_pcm_hw_params* p, int name, unsigned value) {
    struct snd_interval* range = &p->intervals[name - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL];
    *range = (struct snd_interval){.min = value, .max = value, .integer = 1};
}

static void set_choice(struct snd_pcm_hw_params* p, int name, unsigned value) {
    struct snd_mask* choice = &p->masks[name - SNDRV_PCM_HW_PARAM_FIRST_MASK];
    memset(choice, 0, sizeof *choice);
    choice->bits[value / 32] = 1U << value % 32;
}

static bool configure(int fd, bool records) {
    struct snd_pcm_hw_params hw = {.rmask = ~0U, .info = ~0U};
    memset(hw.masks, 0xff, sizeof hw.masks);
    const int ranges = SNDRV_PCM_HW_PARAM_LAST_INTERVAL - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL;
    for (int i = 0; i <= ranges; i++)
        hw.intervals[i].max = ~0U;
    set_choice(&hw, SNDRV_PCM_HW_PARAM_ACCESS, (unsigned)SNDRV_PCM_ACCESS_RW_INTERLEAVED);
    set_choice(&hw, SNDRV_PCM_HW_PARAM_FORMAT, (unsigned)SNDRV_PCM_FORMAT_S16_LE);
    set_range(&hw, SNDRV_PCM_HW_PARAM_CHANNELS, 2);
    set_range(&hw, SNDRV_PCM_HW_PARAM_RATE, kRate);
    set_range(&hw, SNDRV_PCM_HW_PARAM_PERIOD_SIZE, kPeriod);
    set_range(&hw, SNDRV_PCM_HW_PARAM_PERIODS, kPeriods);
    const unsigned long size = kPeriod * kPeriods;
    struct snd_pcm_sw_params sw = {.period_step = 1,
                                   .avail_min = kPeriod,
                                   .start_threshold = records ? 1 : size / 2,
                                   .stop_threshold = size,
                                   .boundary = size << 32};
    return !ioctl(fd, SNDRV_PCM_IOCTL_HW_PARAMS, &hw) &&
           !ioctl(fd, SNDRV_PCM_IOCTL_SW_PARAMS, &sw) && !ioctl(fd, SNDRV_PCM_IOCTL_PREPARE);
}

// One period, again after an xrun; the number of xruns, or -1.
static int transfer(int fd, unsigned long request, short* samples) {
    for (int xruns = 0;; xruns++) {
        struct snd_xferi period = {.buf = samples, .frames = kPeriod};
        if (!ioctl(fd, request, &period))
            return xruns;
        if (errno != EPIPE || ioctl(fd, SNDRV_PCM_IOCTL_PREPARE))
            return -1;
    }
}

static void fill(struct tone* tone, short* samples) {
    for (int i = 0; i < kPeriod; i++)
        samples[2 * i] = samples[2 * i + 1] = (short)lround(32767 * tone_next(tone));
}

static void listen(struct meter* meter, const short* samples) {
    for (int i = 0; i < kPeriod; i++)
        meter_add(meter, samples[2 * i] / 32768.0);
}

static void run(const char* id, bool records, double hertz, long frames) {
    static struct meter meter;
    static short samples[2 * kPeriod];
    meter.id = id;
    struct tone tone = {.hertz = hertz, .amplitude = 0.25};
    const int fd = open(records ? "/dev/snd/pcmC0D0c" : "/dev/snd/pcmC0D0p", O_RDWR);
    if (fd < 0 || !configure(fd, records))
        return say("ERROR %s open the PCM: %s", id, strerror(errno));
    int xruns = 0;
    for (; frames > 0; frames -= kPeriod) {
        if (!records)
            fill(&tone, samples);
        const int more = transfer(
            fd, records ? SNDRV_PCM_IOCTL_READI_FRAMES : SNDRV_PCM_IOCTL_WRITEI_FRAMES, samples);
        if (more < 0)
            return say("ERROR %s use the PCM: %s", id, strerror(errno));
        xruns += more;
        if (records)
            listen(&meter, samples);
    }
    if (!records)
        ioctl(fd, SNDRV_PCM_IOCTL_DRAIN);
    close(fd);
    say("OK %s %.6f %d", id, now(), xruns);
}

// Switches are turned on, volumes whose name has the word set to a percentage of their steps.
static bool set_control(int fd, const struct snd_ctl_elem_id* id, const char* word, int percent) {
    struct snd_ctl_elem_info info = {.id = *id};
    if (ioctl(fd, SNDRV_CTL_IOCTL_ELEM_INFO, &info))
        return false;
    if (!(info.access & SNDRV_CTL_ELEM_ACCESS_WRITE) || !strstr((const char*)id->name, word))
        return true;
    struct snd_ctl_elem_value value = {.id = *id};
    for (unsigned i = 0; i < info.count && i < 8; i++) {
        const long steps = info.value.integer.max - info.value.integer.min;
        value.value.integer.value[i] = info.type == SNDRV_CTL_ELEM_TYPE_BOOLEAN
                                           ? 1
                                           : info.value.integer.min + (steps * percent + 50) / 100;
    }
    if (info.type != SNDRV_CTL_ELEM_TYPE_BOOLEAN && info.type != SNDRV_CTL_ELEM_TYPE_INTEGER)
        return true;
    return ioctl(fd, SNDRV_CTL_IOCTL_ELEM_WRITE, &value) >= 0;
}

static bool set_mixer(const char* word, int percent) {
    struct snd_ctl_elem_id ids[32];
    struct snd_ctl_elem_list list = {.space = 32, .pids = ids};
    const int fd = open("/dev/snd/controlC0", O_RDWR);
    if (fd < 0 || ioctl(fd, SNDRV_CTL_IOCTL_ELEM_LIST, &list))
        return false;
    bool done = true;
    for (unsigned i = 0; i < list.used; i++)
        done = set_control(fd, &ids[i], word, percent) && done;
    close(fd);
    return done;
}

static void command(const char* line) {
    char id[32], verb[32];
    int a = 0, b = 0;
    const int n = sscanf(line, "%31s %31s %d %d", id, verb, &a, &b);
    if (n < 3)
        return;
    const bool plays = n == 4 && !strcmp(verb, "play"), records = !strcmp(verb, "record");
    if (!strcmp(verb, "volume") && set_mixer("Playback", a))
        say("OK %s %.6f 0", id, now());
    else if (!plays && !records)
        say("ERROR %s %s: %s", id, line, strerror(errno));
    else if (fork() == 0) {
        run(id, records, a, (long)(records ? a : b) * kRate / 1000);
        _exit(0);
    }
}

static bool wait_for(const char* path) {
    for (int i = 0; i < 1500 && access(path, F_OK); i++)
        usleep(20000);
    return !access(path, F_OK);
}

int main(int argc, char** argv) {
    int port = -1;
    for (int i = 0; argc == 2 && i < 250 && port < 0; i++, usleep(20000))
        port = open(argv[1], O_RDWR);
    if (port < 0)
        return perror("pcm"), 1;
    say_fd = port;
    signal(SIGCHLD, SIG_IGN);
    // The codec is found after the driver was loaded; its control node is the last of the three.
    if (!wait_for("/dev/snd/pcmC0D0p") || !wait_for("/dev/snd/pcmC0D0c") ||
        !wait_for("/dev/snd/controlC0") || !set_mixer("", 100))
        return say("ERROR - no sound card: %s", strerror(errno)), 1;
    say("READY %.6f", now());
    char line[128];
    size_t used = 0;
    for (;;) {
        char byte;
        // A port without a peer reads 0: wait for the next one.
        if (read(port, &byte, 1) != 1) {
            usleep(20000);
        } else if (byte == '\n') {
            line[used] = 0;
            used = 0;
            command(line);
        } else if (used < sizeof line - 1) {
            line[used++] = byte;
        }
    }
}
