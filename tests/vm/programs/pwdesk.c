// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later

// pwdesk: the speaker and the microphone of a desktop without a sound card. Two nodes of PipeWire,
// "speaker" (Audio/Sink), which tells what it hears (see tone.h; its ID is "speaker"), and
// "microphone" (Audio/Source), which always gives the same sine of a quarter of full scale (-12 dB)
// and 1000 Hz, to whoever is linked to it. Says READY when both are there.
//
//   NODE NAME | GONE NAME      any node came or went
//
// "ID ping" on stdin is answered by "OK ID TIME". Ends at the end of stdin.

#include "tone.h"

#include <pipewire/pipewire.h>
#include <spa/param/audio/format-utils.h>
#include <string.h>

enum { kChannels = 2, kMaxNodes = 64 };

struct node {
    uint32_t id;
    char name[128];
};

static struct pw_main_loop* loop;
static struct pw_stream *speaker, *microphone;
static struct meter meter = {.id = "speaker"};
static struct tone tone = {.hertz = 1000, .amplitude = 0.25};
static struct node nodes[kMaxNodes];

static void on_sound(void* data) {
    (void)data;
    struct pw_buffer* buffer = pw_stream_dequeue_buffer(speaker);
    if (!buffer)
        return;
    const struct spa_data* d = &buffer->buffer->datas[0];
    const float* samples = SPA_PTROFF(d->data, d->chunk->offset, const float);
    for (size_t i = 0; d->data && i < d->chunk->size / sizeof *samples; i += kChannels)
        meter_add(&meter, (double)samples[i]);
    pw_stream_queue_buffer(speaker, buffer);
}

static void on_wanted(void* data) {
    (void)data;
    struct pw_buffer* buffer = pw_stream_dequeue_buffer(microphone);
    if (!buffer)
        return;
    struct spa_data* d = &buffer->buffer->datas[0];
    const uint32_t frame = kChannels * sizeof(float);
    uint32_t frames = d->maxsize / frame;
    if (buffer->requested && buffer->requested < frames)
        frames = (uint32_t)buffer->requested;
    float* samples = d->data;
    for (uint32_t i = 0; samples && i < frames; i++)
        samples[2 * i] = samples[2 * i + 1] = (float)tone_next(&tone);
    d->chunk->offset = 0;
    d->chunk->stride = (int32_t)frame;
    d->chunk->size = frames * frame;
    pw_stream_queue_buffer(microphone, buffer);
}

static void on_state(void* data, enum pw_stream_state old, enum pw_stream_state state,
                     const char* error) {
    (void)data;
    static bool ready;
    if (state == PW_STREAM_STATE_ERROR || (state == PW_STREAM_STATE_UNCONNECTED && ready)) {
        say("ERROR - %s", error ? error : "PipeWire is gone");
        pw_main_loop_quit(loop);
    }
    const bool both = speaker && microphone &&
                      pw_stream_get_state(speaker, NULL) >= PW_STREAM_STATE_PAUSED &&
                      pw_stream_get_state(microphone, NULL) >= PW_STREAM_STATE_PAUSED;
    if (both && !ready)
        say("READY %.6f", now());
    ready = ready || both;
    (void)old;
}

static void on_global(void* data, uint32_t id, uint32_t permissions, const char* type,
                      uint32_t version, const struct spa_dict* properties) {
    (void)data, (void)permissions, (void)version;
    const char* name = properties ? spa_dict_lookup(properties, PW_KEY_NODE_NAME) : NULL;
    if (strcmp(type, PW_TYPE_INTERFACE_Node) != 0 || !name)
        return;
    for (struct node* n = nodes; n < nodes + kMaxNodes; n++) {
        if (n->name[0])
            continue;
        n->id = id;
        snprintf(n->name, sizeof n->name, "%s", name);
        say("NODE %s", n->name);
        return;
    }
}

static void on_global_remove(void* data, uint32_t id) {
    (void)data;
    for (struct node* n = nodes; n < nodes + kMaxNodes; n++) {
        if (n->id != id || !n->name[0])
            continue;
        say("GONE %s", n->name);
        n->name[0] = 0;
    }
}

static void on_command(void* data, int fd, uint32_t mask) {
    (void)data, (void)mask;
    char line[128], id[32];
    const ssize_t size = read(fd, line, sizeof line - 1);
    if (size <= 0) {
        pw_main_loop_quit(loop);
        return;
    }
    line[size] = 0;
    if (sscanf(line, "%31s", id) == 1)
        say("OK %s %.6f", id, now());
}

static struct pw_stream* connect(struct pw_core* core, const char* name,
                                 enum pw_direction direction, const struct pw_stream_events* events,
                                 struct spa_hook* hook) {
    const char* class = direction == PW_DIRECTION_INPUT ? "Audio/Sink" : "Audio/Source";
    struct pw_stream* stream =
        pw_stream_new(core, name,
                      pw_properties_new(PW_KEY_MEDIA_CLASS, class, PW_KEY_NODE_NAME, name,
                                        PW_KEY_NODE_DESCRIPTION, name, PW_KEY_NODE_VIRTUAL, "true",
                                        PW_KEY_PRIORITY_SESSION, "1000", NULL));
    if (!stream)
        return NULL;
    pw_stream_add_listener(stream, hook, events, NULL);
    uint8_t bytes[1024];
    struct spa_pod_builder builder = SPA_POD_BUILDER_INIT(bytes, sizeof bytes);
    struct spa_audio_info_raw format = {.format = SPA_AUDIO_FORMAT_F32,
                                        .rate = kRate,
                                        .channels = kChannels,
                                        .position = {SPA_AUDIO_CHANNEL_FL, SPA_AUDIO_CHANNEL_FR}};
    const struct spa_pod* params[] = {
        spa_format_audio_raw_build(&builder, SPA_PARAM_EnumFormat, &format)};
    const enum pw_stream_flags flags =
        PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS | PW_STREAM_FLAG_RT_PROCESS;
    return pw_stream_connect(stream, direction, PW_ID_ANY, flags, params, 1) < 0 ? NULL : stream;
}

int main(int argc, char** argv) {
    static const struct pw_stream_events hears = {PW_VERSION_STREAM_EVENTS,
                                                  .state_changed = on_state, .process = on_sound};
    static const struct pw_stream_events gives = {PW_VERSION_STREAM_EVENTS,
                                                  .state_changed = on_state, .process = on_wanted};
    static const struct pw_registry_events globals = {
        PW_VERSION_REGISTRY_EVENTS, .global = on_global, .global_remove = on_global_remove};
    struct spa_hook hears_hook = {0}, gives_hook = {0}, globals_hook = {0};
    pw_init(&argc, &argv);
    loop = pw_main_loop_new(NULL);
    struct pw_context* context = pw_context_new(pw_main_loop_get_loop(loop), NULL, 0);
    struct pw_core* core = context ? pw_context_connect(context, NULL, 0) : NULL;
    if (!core)
        return perror("pwdesk: PipeWire"), 1;
    struct pw_registry* registry = pw_core_get_registry(core, PW_VERSION_REGISTRY, 0);
    pw_registry_add_listener(registry, &globals_hook, &globals, NULL);
    speaker = connect(core, "speaker", PW_DIRECTION_INPUT, &hears, &hears_hook);
    microphone = connect(core, "microphone", PW_DIRECTION_OUTPUT, &gives, &gives_hook);
    if (!speaker || !microphone)
        return perror("pwdesk: the nodes"), 1;
    pw_loop_add_io(pw_main_loop_get_loop(loop), 0, SPA_IO_IN, false, on_command, NULL);
    pw_main_loop_run(loop);
    return 0;
}
