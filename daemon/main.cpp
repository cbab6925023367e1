// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// spicykvmd: wiring in the order of dependency, nothing else.
#include "base/bus.h"
#include "base/event_loop.h"
#include "base/log.h"
#include "base/notify.h"
#include "config/load.h"
#include "config/options.h"
#include "diagnosis/unit_state.h"
#include "kvm.h"
#include "service/grabber_units.h"
#include "service/seat_watch.h"
#include "service/service.h"
#include "spice/connector.h"

#include <csignal>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace spicykvm {
namespace {

/// Keys and passwords pass through this memory: no core dump, no reading along by the same user
/// (safety law 9).
void forbid_core_dumps() {
    const rlimit none{0, 0};
    (void)::setrlimit(RLIMIT_CORE, &none); // lowering a limit can't fail
#ifndef SPICYKVM_SANITIZED                 // LeakSanitizer looks at the process by ptrace
    (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

std::vector<config::TargetFault> check_target(const config::TargetConfig& target) {
    std::vector<config::TargetFault> faults;
    const auto uri =
        spice::parse_endpoint(target.uri).and_then([&](const spice::Endpoint& endpoint) {
            return spice::check_plain_tcp(endpoint, target.insecure);
        });
    if (!uri) {
        faults.push_back({"uri", uri.error().message});
    }
    if (const auto monitors = target_monitors(target); !monitors) {
        faults.push_back({"monitor", monitors.error().message});
    }
    return faults;
}

void print(const config::Loaded& loaded) {
    for (const auto& diagnostic : loaded.diagnostics) {
        fmt::print(stderr, "{}\n", to_string(diagnostic));
    }
}

/// spicykvmctl has it from systemd when it finds no daemon.
int give_up(const Notifier& notifier, const Error& error) {
    log("main").critical("{}", error.message);
    notifier.status(diagnosis::kFailedStatus + error.message);
    return config::kExitFailed;
}

int run(const config::Options& options, const config::Config& config) {
    EventLoop loop;
    // Before any thread starts: each inherits the signal mask.
    const Notifier notifier;
    Kvm* running = nullptr;
    const auto stop = [&] {
        if (running != nullptr) {
            running->shut_down([&loop] { loop.exit(config::kExitOk); });
        }
    };
    const auto on_term = loop.add_signal(SIGTERM, stop);
    const auto on_int = loop.add_signal(SIGINT, stop);
    const auto on_hup = loop.add_signal(SIGHUP, [&] { running->reload(nullptr); });
    ::signal(SIGPIPE, SIG_IGN);

    auto bus = Bus::open(loop, options.bus);
    if (!bus) {
        return give_up(notifier, bus.error());
    }
    Kvm kvm(
        loop, notifier, config,
        [&options]() -> Result<config::Config> {
            const auto loaded = config::load(options, check_target);
            if (!loaded.ok) {
                return fail(ErrorCode::InvalidArgument, loaded.errors());
            }
            for (const auto& warning : loaded.diagnostics) {
                log("config").warn("{}", to_string(warning));
            }
            return loaded.config;
        },
        monitor_paths());
    running = &kvm;
    service::Service service(**bus, kvm, &kvm.monitors().displays(), &kvm.audio());
    if (const auto published = service.publish(); !published) {
        return give_up(notifier, published.error());
    }
    (*bus)->on_disconnected([&] {
        log("main").critical("the message bus is gone");
        kvm.shut_down([&loop] { loop.exit(config::kExitFailed); });
    });
    service::GrabberUnits grabbers(**bus);
    kvm.name_grabbers_by([&grabbers](auto found) { grabbers.find(std::move(found)); });
    if (options.oneshot) {
        kvm.on_home(stop);
    }
    // Not before it is known whether the host is locked.
    const service::SeatWatch seat(**bus, kvm, config.input.seat, [&] {
        if (options.activate) {
            kvm.activate_default();
        }
    });
    notifier.ready();
    return loop.run();
}

int start(int argc, char** argv) {
    forbid_core_dumps();
    const auto parsed = config::parse_options(argc, argv);
    if (const auto* exit = std::get_if<config::Exit>(&parsed)) {
        fmt::print(stdout, "{}", exit->out);
        fmt::print(stderr, "{}", exit->err);
        return exit->code;
    }
    const auto& options = std::get<config::Options>(parsed);
    const auto loaded = config::load(options, check_target);
    print(loaded);
    if (!loaded.ok) {
        return config::kExitConfig;
    }
    if (options.check) {
        fmt::print("the configuration is good: {}\n", loaded.summary());
        return config::kExitOk;
    }
    setup_logging("spicykvmd", loaded.config.daemon.log_level);
    return run(options, loaded.config);
}

} // namespace
} // namespace spicykvm

int main(int argc, char** argv) {
    try {
        return spicykvm::start(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "spicykvmd: {}\n", error.what());
        return spicykvm::config::kExitFailed;
    }
}
