// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/display_verbs.h"

#include "ctl/ask.h"
#include "ctl/display_report.h"
#include "ctl/json.h"
#include "ctl/text.h"

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

} // namespace

int displays(const Arguments& arguments, Environment& environment) {
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

int ddc_probe(const Arguments& arguments, Environment& environment) {
    const std::string& display = arguments.words[0];
    return ask(
        environment, "ddc probe " + display, [&](Daemon& daemon) { return probe(daemon, display); },
        [&](const Answer<Probe>& answer) { print_probe(environment, *answer); });
}

} // namespace spicykvm::ctl
