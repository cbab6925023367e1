// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// spicykvm-session: wiring in the order of dependency, nothing else.
#include "base/bus.h"
#include "base/event_loop.h"
#include "base/log.h"
#include "base/notify.h"
#include "session/channels.h"
#include "session/daemon_client.h"
#include "session/idle_inhibitors.h"
#include "session/jitter_store.h"
#include "session/options.h"
#include "session/pipewire/pipewire_server.h"

#include <csignal>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <memory>
#include <optional>

namespace spicykvm::session {
namespace {

/// For the screen alone, so without it everything else works.
std::unique_ptr<Bus> open_other_bus(EventLoop& loop, const Options& options) {
    if (!options.inhibits_idle) {
        return nullptr;
    }
    auto bus = Bus::open(loop, options.bus == BusKind::System ? BusKind::Session : BusKind::System);
    if (!bus) {
        log("session").info("{}; going on without", bus.error().message);
        return nullptr;
    }
    return std::move(*bus);
}

int run(const Options& options) {
    EventLoop loop;
    // Before any thread starts: each inherits the signal mask.
    const Notifier notifier;
    const auto on_term = loop.add_signal(SIGTERM, [&] { loop.exit(kExitOk); });
    const auto on_int = loop.add_signal(SIGINT, [&] { loop.exit(kExitOk); });
    ::signal(SIGPIPE, SIG_IGN);

    auto bus = Bus::open(loop, options.bus);
    if (!bus) {
        log("session").critical("{}", bus.error().message);
        return kExitFailed;
    }
    (*bus)->on_disconnected([&] {
        log("session").critical("the message bus is gone");
        loop.exit(kExitFailed);
    });
    PipeWireServer sound(loop);
    JitterStore jitter(state_file("jitter"));
    DaemonClient daemon(**bus);
    Channels channels(loop, sound, daemon, jitter);
    daemon.observe(&channels);
    const auto other_bus = open_other_bus(loop, options);
    std::optional<IdleInhibitors> idle;
    if (options.inhibits_idle) {
        const bool is_system = options.bus == BusKind::System;
        idle.emplace(loop, is_system ? bus->get() : other_bus.get(),
                     is_system ? other_bus.get() : bus->get());
        daemon.on_away([&idle](bool away) { idle->on_away(away); });
    }
    notifier.ready();
    const int code = loop.run();
    notifier.stopping();
    daemon.on_away(nullptr);
    daemon.observe(nullptr);
    return code;
}

int start(int argc, char** argv) {
    const auto parsed = parse_options(argc, argv);
    if (const auto* exit = std::get_if<Exit>(&parsed)) {
        fmt::print(stdout, "{}", exit->out);
        fmt::print(stderr, "{}", exit->err);
        return exit->code;
    }
    const auto& options = std::get<Options>(parsed);
    setup_logging("spicykvm-session", options.log_level);
    return run(options);
}

} // namespace
} // namespace spicykvm::session

int main(int argc, char** argv) {
    try {
        return spicykvm::session::start(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "spicykvm-session: {}\n", error.what());
        return spicykvm::session::kExitFailed;
    }
}
