// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/display_verbs.h"

#include "ctl/ask.h"
#include "ctl/display_report.h"
#include "ctl/json.h"
#include "ctl/text.h"

#include <algorithm>
#include <charconv>

namespace spicykvm::ctl {

namespace {

constexpr std::uint8_t kInputSource = 0x60;
constexpr std::uint8_t kLuminance = 0x10;
constexpr const char* kProtocolError = "org.spicykvm.Error.Protocol";

int wrong(Environment& environment, const std::string& text) {
    environment.err << "spicykvmctl: " << one_line(text) << '\n';
    return kUsage;
}

/// "0x" and one or two hexadecimal digits.
std::optional<std::uint8_t> parse_feature(const std::string& word) {
    std::uint8_t feature = 0;
    const char* const end = word.data() + word.size();
    if ((!word.starts_with("0x") && !word.starts_with("0X")) || word.size() < 3) {
        return std::nullopt;
    }
    const auto parsed = std::from_chars(word.data() + 2, end, feature, 16);
    return parsed.ec == std::errc{} && parsed.ptr == end ? std::optional(feature) : std::nullopt;
}

int wrong_feature(Environment& environment, const std::string& word) {
    return wrong(environment, "\"" + word + "\" is no VCP code; allowed: 0x0 to 0xff");
}

bool is_decimal(const std::string& word) {
    return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
}

Answer<Probe> probe(Daemon& daemon, const std::string& display) {
    Probe found;
    auto input = daemon.get_feature(display, kInputSource);
    if (input) {
        found.input = *input;
    } else if (input.error().name != kProtocolError || !daemon.get_feature(display, kLuminance)) {
        // Some monitors answer nonsense for a feature that they do not have, but for this one.
        return tl::unexpected(input.error());
    }
    found.capabilities = daemon.read_capabilities(display);
    return found;
}

/// The target, or a display as DISPLAY of the other commands.
bool is_meant(const std::string& word, const Display& display, const ConfiguredMonitor& monitor) {
    const std::string& connector = display.connector;
    const std::size_t card_end = connector.find('-');
    return word == monitor.target || (!connector.empty() && word == connector) ||
           (card_end != std::string::npos && word == connector.substr(card_end + 1)) ||
           (card_end != std::string::npos && word == connector.substr(0, card_end)) ||
           (display.bus && word == "i2c-" + std::to_string(*display.bus));
}

/// The configured monitors that the words mean; without words all of them. The first word that
/// means none is the error.
tl::expected<std::vector<ConfiguredMonitor>, std::string>
monitors_of(const std::vector<Display>& displays, const std::vector<std::string>& words) {
    std::vector<ConfiguredMonitor> found;
    std::vector<bool> used(words.size(), false);
    for (const Display& display : displays) {
        for (const ConfiguredMonitor& monitor : display.configured) {
            bool wanted = words.empty();
            for (std::size_t i = 0; i < words.size(); ++i) {
                if (is_meant(words[i], display, monitor)) {
                    wanted = used[i] = true;
                }
            }
            if (wanted) {
                found.push_back(monitor);
            }
        }
    }
    const auto unused = std::find(used.begin(), used.end(), false);
    if (unused != used.end()) {
        return tl::unexpected(words[static_cast<std::size_t>(unused - used.begin())]);
    }
    return found;
}

/// One to ten; 3 if it is not given.
std::optional<std::uint32_t> parse_seconds(const std::string& word) {
    std::uint32_t seconds = 3;
    const char* const end = word.data() + word.size();
    const auto parsed = std::from_chars(word.data(), end, seconds);
    const bool good = word.empty() || (parsed.ec == std::errc{} && parsed.ptr == end);
    return good && seconds >= 1 && seconds <= 10 ? std::optional(seconds) : std::nullopt;
}

/// Tests one monitor and says what came of it; gives the exit code.
int test_one(Daemon& daemon, const ConfiguredMonitor& monitor, std::uint32_t seconds,
             Environment& environment) {
    const std::string name = monitor.target + " " + monitor.name;
    environment.out << one_line(name + ": shows " + monitor.guest + " for " +
                                std::to_string(seconds) + " s at a time")
                    << std::endl; // before it happens
    const auto trials = daemon.test_return(monitor.target, monitor.name, seconds);
    if (!trials) {
        return fail(environment, "ddc test-return " + name, trials.error());
    }
    bool works = false;
    for (const ReturnTrial& trial : *trials) {
        const std::string by = trial.way == monitor.way_home && !monitor.home_by.empty()
                                   ? " (" + monitor.home_by + ")"
                                   : "";
        environment.out << one_line(name + ": " + trial.way + by + ": " + trial.verdict + ": " +
                                    trial.note)
                        << '\n';
        works = works || trial.verdict == "works";
    }
    if (!works) {
        environment.err << "spicykvmctl: "
                        << one_line(name + ": no way home is known to work; if it still shows " +
                                    monitor.guest + ", switch it by hand to " + monitor.host)
                        << '\n';
    }
    return works ? kOk : kGuest;
}

} // namespace

int displays(const Arguments& arguments, Environment& environment) {
    if (arguments.names) {
        for (const std::string& name : environment.connected_displays()) {
            environment.out << one_line(name) << '\n';
        }
        return kOk;
    }
    return ask(
        environment, "displays", [](Daemon& daemon) { return daemon.displays(); },
        [&](const Answer<std::vector<Display>>& answer) {
            if (arguments.json) {
                environment.out << to_json(*answer) << '\n';
            } else {
                print_displays(environment, *answer);
            }
        });
}

int ddc_get(const Arguments& arguments, Environment& environment) {
    const std::string& display = arguments.words[0];
    const std::string code = arguments.words.size() > 1 ? arguments.words[1] : "0x60";
    const auto feature = parse_feature(code);
    if (!feature) {
        return wrong_feature(environment, code);
    }
    bool supported = false;
    const std::string what = "ddc get " + display;
    const int exit = ask(
        environment, what, [&](Daemon& daemon) { return daemon.get_feature(display, *feature); },
        [&](const Answer<Feature>& answer) {
            supported = answer->supported;
            if (supported) {
                environment.out << to_line(*answer) << '\n';
            }
        });
    if (exit == kOk && !supported) {
        environment.err << "spicykvmctl: "
                        << one_line(what + ": the monitor answers, but has no feature " + code)
                        << '\n';
        return kGuest;
    }
    return exit;
}

int ddc_set(const Arguments& arguments, Environment& environment) {
    const auto& words = arguments.words;
    const auto feature = parse_feature(words[1]);
    if (!feature) {
        return wrong_feature(environment, words[1]);
    }
    if (is_decimal(words[2])) {
        return wrong(environment, "\"" + words[2] +
                                      "\" could be decimal or hexadecimal; allowed: 0x0 to 0xffff, "
                                      "or the name of an input such as hdmi-1");
    }
    return ask(
        environment, "ddc set " + words[0],
        [&](Daemon& daemon) { return daemon.set_feature(words[0], *feature, words[2]); },
        [&](const Answer<std::string>& note) {
            if (!note->empty()) {
                environment.out << "Note  " << one_line(*note) << '\n';
            }
        });
}

int ddc_capabilities(const Arguments& arguments, Environment& environment) {
    const std::string& display = arguments.words[0];
    return ask(
        environment, "ddc capabilities " + display,
        [&](Daemon& daemon) { return daemon.read_capabilities(display); },
        [&](const Answer<Capabilities>& answer) { print_capabilities(environment, *answer); });
}

int ddc_test_return(const Arguments& arguments, Environment& environment) {
    const auto seconds = parse_seconds(arguments.seconds);
    if (!seconds) {
        return wrong(environment,
                     "--seconds: \"" + arguments.seconds + "\" is not allowed; allowed: 1 to 10");
    }
    const std::string what = "ddc test-return";
    const auto daemon = environment.connect();
    if (!daemon) {
        return fail(environment, what, daemon.error());
    }
    const auto displays = (*daemon)->displays();
    if (!displays) {
        return fail(environment, what, displays.error());
    }
    const auto monitors = monitors_of(*displays, arguments.words);
    if (!monitors || monitors->empty()) {
        environment.err << "spicykvmctl: "
                        << one_line(what + ": " +
                                    (monitors ? "no target has a monitor in the configuration"
                                              : "\"" + monitors.error() +
                                                    "\" is no target with monitors, and no display "
                                                    "that the configuration has") +
                                    "; see spicykvmctl displays")
                        << '\n';
        return kBadTarget;
    }
    int exit = kOk;
    for (const ConfiguredMonitor& monitor : *monitors) {
        const int one = test_one(**daemon, monitor, *seconds, environment);
        exit = exit == kOk ? one : exit;
    }
    return exit;
}

int ddc_probe(const Arguments& arguments, Environment& environment) {
    const std::string& display = arguments.words[0];
    return ask(
        environment, "ddc probe " + display, [&](Daemon& daemon) { return probe(daemon, display); },
        [&](const Answer<Probe>& answer) { print_probe(environment, *answer); });
}

} // namespace spicykvm::ctl
