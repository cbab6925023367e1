// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/command_line.h"

#include "config/hotkey_syntax.h"
#include "config/ids.h"
#include "config/keys.h"

#include <charconv>

namespace spicykvm::config {

using core::Gesture;

namespace {

Failure wrong(const std::string& option, const std::string& text) {
    return fail(ErrorCode::InvalidArgument, option + ": " + text);
}

/// Where the target of --spice-host and --spice-port listens.
Result<std::string> uri_of(const CommandLine& line) {
    const std::string host = line.spice_host.value_or("127.0.0.1");
    const bool is_path = host.starts_with('/');
    if (is_path && line.spice_port) {
        return wrong("--spice-port", "a unix socket has no port; allowed: with a host name");
    }
    const bool plain = host.find_first_of(is_path ? " " : " /@?#") == std::string::npos;
    const std::string port = ":" + std::to_string(line.spice_port.value_or(5900));
    std::string uri;
    if (is_path) {
        uri = "spice+unix://" + host;
    } else if (host.find(':') != std::string::npos && !host.starts_with('[')) {
        uri = "spice://[" + host + "]" + port;
    } else {
        uri = "spice://" + host + port;
    }
    if (host.empty() || !plain || !is_target_uri(uri)) {
        return wrong("--spice-host",
                     quote(host) + " is not allowed; allowed: a host name, an address, or the "
                                   "absolute path of a unix socket");
    }
    return uri;
}

Result<PasswordSource> password_of(const CommandLine& line, Options& options) {
    const int given = (line.spice_password ? 1 : 0) + (line.spice_password_env ? 1 : 0) +
                      (line.spice_password_file ? 1 : 0);
    if (given > 1) {
        return wrong("--spice-password", "more than one source; allowed: one of --spice-password, "
                                         "--spice-password-env and --spice-password-file");
    }
    if (line.spice_password) {
        options.warnings.push_back({Severity::Warning,
                                    {kCommandLine},
                                    "--spice-password",
                                    "every user could read it until the daemon had overwritten it; "
                                    "better: --spice-password-file or --spice-password-env"});
        return PasswordSource::literal(*line.spice_password);
    }
    if (line.spice_password_env) {
        return PasswordSource::env(*line.spice_password_env);
    }
    if (line.spice_password_file) {
        return PasswordSource::file(*line.spice_password_file);
    }
    return PasswordSource();
}

Result<HotkeyList> hotkey_of(const std::string& option, const std::optional<std::string>& key,
                             Gesture gesture) {
    HotkeyList list;
    if (key) {
        const auto code = parse_key(*key);
        if (!code) {
            return wrong(option, code.error().message);
        }
        core::Hotkey hotkey;
        hotkey.gesture = gesture;
        hotkey.keys[0] = *code;
        list.push_back({hotkey, to_text(hotkey)});
    }
    return list;
}

Result<void> take_target(const CommandLine& line, Options& options) {
    const bool wanted = line.spice_host || line.spice_port;
    if (!wanted) {
        const char* lonely = line.spice_insecure        ? "--spice-insecure"
                             : line.spice_password      ? "--spice-password"
                             : line.spice_password_env  ? "--spice-password-env"
                             : line.spice_password_file ? "--spice-password-file"
                             : line.on                  ? "--on"
                                                        : nullptr;
        if (lonely != nullptr) {
            return wrong(lonely, "there is no target; allowed: with --spice-host or --spice-port");
        }
        return {};
    }
    const auto uri = uri_of(line);
    if (!uri) {
        return tl::unexpected(uri.error());
    }
    auto password = password_of(line, options);
    if (!password) {
        return tl::unexpected(password.error());
    }
    TargetConfig target;
    target.name = "default";
    target.uri = *uri;
    target.password = std::move(*password);
    target.insecure = line.spice_insecure;
    options.overlay.target = std::move(target);
    return {};
}

/// --on acts when its key is released, --off when it is pressed. One key for both is a toggle, or
/// the release of the press that came home would leave again.
Result<void> take_hotkeys(const CommandLine& line, Options& options) {
    const auto on = hotkey_of("--on", line.on, Gesture::Release);
    if (!on) {
        return tl::unexpected(on.error());
    }
    const auto off = hotkey_of("--off", line.off, Gesture::Press);
    if (!off) {
        return tl::unexpected(off.error());
    }
    if (!on->empty() && !off->empty() && on->front().hotkey.keys == off->front().hotkey.keys) {
        options.overlay.toggle = *on;
        return {};
    }
    if (options.overlay.target) {
        options.overlay.target->hotkey = *on;
    }
    options.overlay.home = *off;
    return {};
}

Result<void> take_devices(const CommandLine& line, Options& options) {
    if (line.input_auto && !line.input.empty()) {
        return wrong("--input-auto", "not with --input; allowed: one of them");
    }
    if (line.input_auto) {
        options.overlay.devices = DeviceSelection{};
    }
    if (line.input.empty()) {
        return {};
    }
    DeviceSelection selection{false, {}};
    for (const std::string& word : line.input) {
        if (!is_plain_text(word)) {
            return wrong("--input", quote(word) + " is not allowed; allowed: a path, a name or "
                                                  "an id such as 046d:c52b");
        }
        DeviceRule& rule = selection.rules.emplace_back();
        rule.id = parse_device_id(word);
        if (!rule.id) {
            (word.starts_with('/') ? rule.path : rule.name) = word;
        }
    }
    options.overlay.devices = std::move(selection);
    return {};
}

/// A hexadecimal number, with or without 0x.
std::optional<std::uint16_t> parse_hex(std::string_view word, unsigned most) {
    if (word.starts_with("0x")) {
        word.remove_prefix(2);
    }
    unsigned value = 0;
    const char* end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data(), end, value, 16);
    const bool good = error == std::errc() && stop == end && value <= most;
    return good ? std::optional(static_cast<std::uint16_t>(value)) : std::nullopt;
}

/// "VCP,INACTIVE,ACTIVE" in hexadecimal.
std::optional<MonitorSet> parse_vcp_triple(std::string_view text) {
    const std::size_t first = text.find(',');
    const std::size_t second = text.find(',', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) {
        return {};
    }
    const auto vcp = parse_hex(text.substr(0, first), 0xff);
    const auto host = parse_hex(text.substr(first + 1, second - first - 1), 0xffff);
    const auto guest = parse_hex(text.substr(second + 1), 0xffff);
    if (!vcp || !host || !guest) {
        return {};
    }
    MonitorSet set;
    set.vcp = *vcp;
    set.host = fmt::format("0x{:02x}", *host);
    set.guest = fmt::format("0x{:02x}", *guest);
    return set;
}

/// N of "N", "i2c-N" or "/dev/i2c-N".
std::optional<std::string_view> bus_digits(std::string_view word) {
    for (const std::string_view prefix : {"/dev/", "i2c-"}) {
        word.remove_prefix(word.starts_with(prefix) ? prefix.size() : 0);
    }
    const bool digits =
        !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
    return digits ? std::optional(word) : std::nullopt;
}

Result<void> take_monitor(const CommandLine& line, Options& options) {
    MonitorConfig monitor;
    for (const std::string& triple : line.ddc_vcp) {
        const auto set = parse_vcp_triple(triple);
        if (!set) {
            return wrong("--ddc-vcp", quote(triple) + " is not allowed; allowed: "
                                                      "VCP,INACTIVE,ACTIVE in hexadecimal, such "
                                                      "as 60,11,0f");
        }
        monitor.set.push_back(*set);
    }
    if (!line.ddc) {
        return line.ddc_vcp.empty()
                   ? Result<void>()
                   : wrong("--ddc-vcp", "there is no monitor; allowed: with --ddc");
    }
    if (line.ddc_vcp.empty()) {
        return wrong("--ddc", "nothing is to be set; allowed: with --ddc-vcp");
    }
    if (!options.overlay.target) {
        return wrong("--ddc", "there is no target; allowed: with --spice-host or --spice-port");
    }
    if (!is_plain_text(*line.ddc)) {
        return wrong("--ddc", quote(*line.ddc) + " is not allowed; allowed: a connector such as "
                                                 "card1-HDMI-A-1, a card, or the number of a bus");
    }
    if (const auto bus = bus_digits(*line.ddc)) {
        const char* const end = bus->data() + bus->size();
        const auto parsed = std::from_chars(bus->data(), end, monitor.i2c);
        if (parsed.ec != std::errc() || monitor.i2c > 255) {
            return wrong("--ddc", quote(*line.ddc) + " is not allowed; allowed: buses 0 to 255");
        }
    } else {
        monitor.match.connector = *line.ddc;
    }
    options.overlay.target->monitors.push_back(std::move(monitor));
    return {};
}

/// One direction of sound: as the original, only while active, unless it is persistent.
Result<void> take_stream(const std::string& option, const std::optional<std::string>& device,
                         bool persistent, core::AudioSettings TargetConfig::*place,
                         Options& options) {
    const std::string given = device ? option : option + "-persistent";
    if (!device && !persistent) {
        return {};
    }
    if (!options.overlay.target) {
        return wrong(given, "there is no target; allowed: with --spice-host or --spice-port");
    }
    if (device && !device->empty() && !is_plain_text(*device)) {
        return wrong(option, quote(*device) + " is not allowed; allowed: node.name or "
                                              "object.serial of PipeWire");
    }
    auto& settings = (*options.overlay.target).*place;
    settings.device = device.value_or("");
    settings.when = persistent ? core::AudioWhen::Always : core::AudioWhen::Active;
    return {};
}

Result<void> take_audio(const CommandLine& line, Options& options) {
    if (options.overlay.target) {
        options.overlay.target->playback.when = core::AudioWhen::Never;
    }
    if (auto taken = take_stream("--playback", line.playback, line.playback_persistent,
                                 &TargetConfig::playback, options);
        !taken) {
        return taken;
    }
    return take_stream("--record", line.record, line.record_persistent, &TargetConfig::record,
                       options);
}

} // namespace

Result<Options> interpret(const CommandLine& line) {
    Options options;
    options.file = line.config;
    options.check = line.check;
    options.activate = line.activate;
    options.oneshot = line.oneshot;
    options.bus = line.bus == "session" ? BusKind::Session : BusKind::System;
    if (line.log_level) {
        options.overlay.log_level = log_level(*line.log_level);
    }
    for (const auto take : {take_target, take_hotkeys, take_devices, take_monitor, take_audio}) {
        if (const auto taken = take(line, options); !taken) {
            return tl::unexpected(taken.error());
        }
    }
    return options;
}

} // namespace spicykvm::config
