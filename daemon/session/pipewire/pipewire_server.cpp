// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/pipewire/pipewire_server.h"

#include "base/log.h"
#include "session/pipewire/streams.h"

#include <cerrno>
#include <cstdio>
#include <sys/epoll.h>
#include <system_error>
#include <tuple>
#include <utility>

namespace spicykvm::session {

namespace {

constexpr Milliseconds kFirstWait{100};
constexpr Milliseconds kLongestWait{2000};

/// Clients' data threads are real-time by themselves from 1.3.81 on; before, by this configuration.
const char* client_config() {
    int major = 0;
    int minor = 0;
    int micro = 0;
    std::sscanf(pw_get_library_version(), "%d.%d.%d", &major, &minor, &micro);
    const bool is_real_time = std::tuple(major, minor, micro) >= std::tuple(1, 3, 81);
    return is_real_time ? "client.conf" : "client-rt.conf";
}

LoopPtr make_loop() {
    LoopPtr loop(pw_loop_new(nullptr));
    if (!loop) {
        throw std::system_error(errno, std::generic_category(), "pw_loop_new");
    }
    return loop;
}

ContextPtr make_context(pw_loop& loop) {
    for (const char* config : {client_config(), "client.conf"}) {
        ContextPtr context(
            pw_context_new(&loop, pw_properties_new(PW_KEY_CONFIG_NAME, config, nullptr), 0));
        if (context) {
            return context;
        }
    }
    throw std::system_error(errno, std::generic_category(), "pw_context_new");
}

} // namespace

PipeWireServer::PipeWireServer(EventLoop& loop)
    : hub_{loop, nullptr, "PipeWire does not run: waiting for it", false, {}},
      pipewire_loop_(make_loop()), context_(make_context(*pipewire_loop_)),
      source_(loop.add_io(fd_of(*pipewire_loop_), EPOLLIN,
                          [this](std::uint32_t) { iterate(*pipewire_loop_); })),
      backoff_(kFirstWait, kLongestWait), attempt_(loop, [this] { try_connect(); }),
      drop_(loop, [this] { disconnect(); }), socket_(loop, runtime_socket(), [this] {
          if (!connection_) {
              backoff_.reset();
              attempt_.arm_after(Microseconds(0));
          }
      }) {
    attempt_.arm_after(Microseconds(0));
}

PipeWireServer::~PipeWireServer() = default;

std::unique_ptr<SoundStream> PipeWireServer::open_playback(const StreamSettings& settings,
                                                           audio::PlaybackShared& shared,
                                                           std::function<void()> changed) {
    return std::make_unique<PlaybackStream>(hub_, settings, shared, std::move(changed));
}

std::unique_ptr<SoundStream> PipeWireServer::open_capture(const StreamSettings& settings,
                                                          audio::RecordShared& shared,
                                                          std::function<void()> changed,
                                                          int recorded) {
    return std::make_unique<CaptureStream>(hub_, settings, shared, std::move(changed), recorded);
}

void PipeWireServer::try_connect() {
    socket_.look();
    auto connection = Connection::open(*context_, {[this](const std::string& reason) {
                                                       lost_ = reason;
                                                       hub_.is_ending = true;
                                                       drop_.arm_after(Microseconds(0));
                                                   },
                                                   [this] { refresh_all(); }});
    if (!connection) {
        set_problem("PipeWire does not run: waiting for it (" + connection.error().message + ")");
        attempt_.arm_after(backoff_.next());
        return;
    }
    connection_ = std::move(*connection);
    hub_.connection = connection_.get();
    backoff_.reset();
    log("session").info("connected to PipeWire");
    refresh_all();
}

void PipeWireServer::disconnect() {
    for (StreamNode* node : hub_.nodes) {
        node->drop();
    }
    hub_.connection = nullptr;
    hub_.is_ending = false;
    connection_.reset();
    set_problem("PipeWire is gone: waiting for it (" + lost_ + ")");
    attempt_.arm_after(Microseconds(0));
}

void PipeWireServer::set_problem(const std::string& problem) {
    if (hub_.problem != problem) {
        hub_.problem = problem;
        log("session").warn("{}", problem);
        refresh_all();
    }
}

void PipeWireServer::refresh_all() {
    for (StreamNode* node : hub_.nodes) {
        node->refresh();
    }
}

} // namespace spicykvm::session
