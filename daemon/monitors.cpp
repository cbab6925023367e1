// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "monitors.h"

#include "base/log.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <set>

namespace spicykvm {

namespace {

Failure wrong(const std::string& monitor, const std::string& text) {
    return fail(ErrorCode::InvalidArgument, monitor + ": " + text);
}

ddc::MonitorCriteria criteria(const config::MonitorMatch& match) {
    ddc::MonitorCriteria criteria{.connector = match.connector,
                                  .manufacturer = match.manufacturer,
                                  .products = {},
                                  .name = match.name,
                                  .serial = match.serial,
                                  .serial_number = {}};
    std::uint16_t product = 0;
    const std::string& text = match.product; // its shape is checked
    if (text.size() > 2 &&
        std::from_chars(text.data() + 2, text.data() + text.size(), product, 16).ec ==
            std::errc{}) {
        criteria.products.push_back(product);
    }
    return criteria;
}

Result<ddc::VcpSetting> setting(const config::MonitorSet& set, bool unsafe) {
    const auto host = ddc::parse_input(set.host);
    const auto guest = ddc::parse_input(set.guest);
    if (!host || !guest) {
        return tl::unexpected(host ? guest.error() : host.error());
    }
    const auto vcp = static_cast<ddc::VcpCode>(set.vcp);
    if (!unsafe && !(ddc::may_write(vcp, *host) && ddc::may_write(vcp, *guest))) {
        return fail(
            ErrorCode::InvalidArgument,
            fmt::format("writing VCP feature 0x{:02x} can do harm; allowed: with unsafe = true",
                        set.vcp));
    }
    return ddc::VcpSetting{.vcp = vcp,
                           .source = set.lg_channel ? ddc::SourceAddress::LgChannel
                                                    : ddc::SourceAddress::Host,
                           .host = *host,
                           .guest = *guest};
}

ddc::WayHome way_home(config::ReturnBy by) {
    switch (by) {
    case config::ReturnBy::Ddc:
        break;
    case config::ReturnBy::ByHand:
        return ddc::WayHome::ByHand;
    case config::ReturnBy::Cable:
        return ddc::WayHome::Cable;
    case config::ReturnBy::Hook:
        return ddc::WayHome::Hook;
    }
    return ddc::WayHome::Ddc;
}

ddc::HomeSettings home(const config::MonitorReturn& way) {
    ddc::HomeSettings home;
    home.way = way_home(way.by);
    home.match = criteria(way.match);
    if (way.i2c >= 0) {
        home.bus = static_cast<ddc::Bus>(way.i2c);
    }
    home.hook = {way.run, way.timeout};
    return home;
}

Result<ddc::MonitorSettings> settings(const config::MonitorConfig& monitor,
                                      const std::string& name) {
    ddc::MonitorSettings result;
    result.name = name;
    result.match = criteria(monitor.match);
    if (monitor.i2c >= 0) {
        result.bus = static_cast<ddc::Bus>(monitor.i2c);
    }
    if (result.match.empty() != result.bus.has_value()) {
        return wrong(name, "which one is meant? allowed: either match = { ... } or i2c = NUMBER");
    }
    if (monitor.set.empty()) {
        return wrong(name, "nothing is to be set; allowed: set = [ { host = ..., guest = ... } ]");
    }
    for (const config::MonitorSet& set : monitor.set) {
        const auto one = setting(set, monitor.unsafe);
        if (!one) {
            return wrong(name, one.error().message);
        }
        result.set.push_back(*one);
    }
    result.repeat = static_cast<unsigned>(monitor.repeat);
    result.repeat_delay = monitor.repeat_delay;
    result.save_after = monitor.save_after;
    result.sleep_multiplier = static_cast<unsigned>(monitor.sleep_multiplier);
    result.wake_delay = monitor.wake_delay;
    result.unsafe = monitor.unsafe;
    result.home = home(monitor.come_home);
    return result;
}

std::string runtime_file(const char* variable, const char* name) {
    const char* const folder = std::getenv(variable); // NOLINT: nobody sets variables here
    return folder == nullptr ? std::string() : std::string(folder) + "/" + name;
}

} // namespace

Result<ddc::TargetMonitors> target_monitors(const config::TargetConfig& target) {
    ddc::TargetMonitors result{target.name, {}};
    std::set<std::string> names;
    for (std::size_t i = 0; i < target.monitors.size(); ++i) {
        const config::MonitorConfig& monitor = target.monitors[i];
        const std::string name =
            monitor.name.empty() ? "monitor" + std::to_string(i + 1) : monitor.name;
        if (!names.insert(name).second) {
            return wrong(name, "there are two of this name; allowed: each name once in a target");
        }
        auto one = settings(monitor, name);
        if (!one) {
            return tl::unexpected(std::move(one.error()));
        }
        result.monitors.push_back(std::move(*one));
    }
    return result;
}

MonitorPaths monitor_paths() {
    namespace fs = std::filesystem;
    std::error_code ignored;
    const fs::path folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    MonitorPaths paths;
    paths.helper.path = (folder / "ddc/spicykvm-ddc").string(); // of a build folder
    if (!fs::exists(paths.helper.path, ignored)) {
        paths.helper.path = (folder.parent_path() / SPICYKVM_LIBEXECDIR / "spicykvm-ddc").string();
    }
    paths.away_state = runtime_file("RUNTIME_DIRECTORY", "monitors");
    if (paths.away_state.empty()) {
        paths.away_state = runtime_file("XDG_RUNTIME_DIR", "spicykvm-monitors");
    }
    if (paths.away_state.empty()) {
        paths.away_state = "/run/spicykvm-monitors";
    }
    return paths;
}

Monitors::Monitors(EventLoop& loop, const MonitorPaths& paths)
    : helper_(loop, paths.helper), step_(loop, helper_, paths.away_state), displays_(loop, helper_),
      tester_(loop, step_, displays_) {}

void Monitors::run(std::optional<core::TargetId> side, Done done) {
    tester_.yield({ErrorCode::Cancelled, "a switch began"});
    at_home_ = false;
    displays_.set_switching(true);
    step_.run(side, [this, side, done = std::move(done)](std::vector<core::StepResult> results) {
        displays_.set_switching(false);
        at_home_ = !side;
        done(std::move(results));
    });
}

void Monitors::cancel() {
    step_.cancel();
    displays_.set_switching(false);
}

void Monitors::test_return(std::string_view target, std::string_view monitor, Milliseconds away,
                           TestDone done) {
    if (!at_home_ || !step_.idle()) {
        done(fail(ErrorCode::Busy, "a target is active, or a switch is under way; allowed: while "
                                   "keyboard and mouse are at home"));
        return;
    }
    for (const ddc::TargetMonitors& candidate : targets_) {
        const auto found =
            std::ranges::find(candidate.monitors, monitor, &ddc::MonitorSettings::name);
        if (candidate.target == target && found != candidate.monitors.end()) {
            log("ddc").info("test of the way home of {}: {} ms away", found->name, away.count());
            tester_.start(candidate.target, *found, away, std::move(done));
            return;
        }
    }
    done(fail(ErrorCode::NotFound, "no such monitor of a target in the configuration"));
}

void Monitors::stop_test() {
    tester_.stop({ErrorCode::Cancelled, "the test was stopped; the monitor is brought home"});
}

void Monitors::end_test(EventLoop::Callback done) {
    stop_test();
    tester_.when_home(std::move(done));
}

void Monitors::configure(const Targets& targets, std::optional<core::TargetId> leaving) {
    std::vector<ddc::TargetMonitors> list;
    bool any = false;
    const auto add = [&](core::TargetId id) {
        list.resize(std::max(list.size(), index(id) + 1));
        if (auto monitors = target_monitors(targets.settings(id))) { // checked with the rest
            any = any || !monitors->monitors.empty();
            list[index(id)] = std::move(*monitors);
        }
    };
    std::ranges::for_each(targets.order(), add);
    if (leaving) {
        add(*leaving);
    }
    stop_test(); // which comes home by what was configured until now
    step_.configure(list);
    displays_.configure(list);
    targets_ = list;
    if (any && !std::exchange(repaired_, true)) {
        if (const auto started = helper_.start(); !started) {
            log("ddc").error("{}: no monitor will be switched", started.error().message);
        }
        (void)step_.repair();
    }
}

} // namespace spicykvm
