// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/options.h"

#include "config/command_line.h"
#include "config/help.h"
#include "config/keys.h"

#include <algorithm>
#include <CLI/CLI.hpp>
#include <cstring>

namespace spicykvm::config {

namespace {

constexpr std::string_view kFooter =
    "--spice-host and --spice-port make a target named \"default\".\n"
    "Without --config, /etc/spicykvm/config.toml and /etc/spicykvm/conf.d/*.toml are read.\n";

/// Takes the password out of argv: first thing, since other users can read it there.
std::optional<std::string> take_password(int argc, char** argv) {
    constexpr std::string_view kOption = "--spice-password";
    std::optional<std::string> password;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        char* secret = nullptr;
        if (word == kOption && i + 1 < argc) {
            secret = argv[++i];
        } else if (word.starts_with(kOption) && word.substr(kOption.size()).starts_with('=')) {
            secret = argv[i] + kOption.size() + 1;
        }
        if (secret != nullptr) {
            password = secret;
            std::memset(secret, 'x', std::strlen(secret));
        }
    }
    return password;
}

void add_service_options(CLI::App& app, CommandLine& line) {
    app.add_option("--config", line.config, "Read only this file")->type_name("FILE");
    app.add_option("--bus", line.bus, "The message bus to be on [system]")
        ->check(CLI::IsMember({"system", "session"}))
        ->type_name("BUS");
    std::vector<std::string> levels;
    for (const std::string_view word : log_levels()) {
        levels.emplace_back(word);
    }
    app.add_option("--log-level", line.log_level, "How much to log; as log_level of the file")
        ->check(CLI::IsMember(levels))
        ->type_name("LEVEL");
    app.add_flag("--check", line.check, "Check the configuration and exit");
    app.add_flag("--activate", line.activate, "Activate once, right after the start");
    app.add_flag("--oneshot", line.oneshot, "Exit after the first deactivation");
    app.add_flag("--help-config", line.help_config, "Print all keys of the file and exit");
}

void add_target_options(CLI::App& app, CommandLine& line) {
    app.add_option("--spice-host", line.spice_host, "Host name, address or socket path [127.0.0.1]")
        ->type_name("HOST");
    app.add_option("--spice-port", line.spice_port, "TCP port, 1 to 65535 [5900]")
        ->check(CLI::Range(1, 65535))
        ->type_name("PORT");
    app.add_option("--spice-password", line.spice_password, "Password; ps may show it")
        ->type_name("P");
    app.add_option("--spice-password-env", line.spice_password_env, "Variable with the password")
        ->type_name("VAR");
    app.add_option("--spice-password-file", line.spice_password_file, "File with the password")
        ->type_name("FILE");
    app.add_flag("--spice-insecure", line.spice_insecure, "Permit plain TCP to another machine");
    app.add_option("--on", line.on, "Key that activates when released")->type_name("KEY");
    app.add_option("--off", line.off, "Key that deactivates when pressed")->type_name("KEY");
}

void add_device_options(CLI::App& app, CommandLine& line) {
    app.add_option("--input", line.input, "Path, name or id of a device (repeatable)")
        ->allow_extra_args(false)
        ->type_name("DEV");
    app.add_flag("--input-auto", line.input_auto, "Choose devices by their use (the default)");
    app.add_option("--record", line.record,
                   "PipeWire source that the guest records from while active; '': the default")
        ->type_name("DEV");
    app.add_flag("--record-persistent", line.record_persistent, "The guest may record at any time");
    app.add_option("--playback", line.playback,
                   "PipeWire sink that plays the guest's sound while active; '': the default")
        ->type_name("DEV");
    app.add_flag("--playback-persistent", line.playback_persistent,
                 "The guest's sound is played at any time");
    app.add_option("--ddc", line.ddc,
                   "Monitor: a connector such as HDMI-A-1, a card, or a bus number")
        ->type_name("DEV");
    app.add_option("--ddc-vcp", line.ddc_vcp,
                   "What is sent to it, in hexadecimal, such as 60,11,0f (repeatable)")
        ->allow_extra_args(false)
        ->type_name("VCP,INACTIVE,ACTIVE");
}

/// One line, whatever the words on the command line contain.
Exit usage_error(std::string what) {
    std::replace_if(
        what.begin(), what.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
    return {kExitUsage, {}, "spicykvmd: " + what + " (see spicykvmd --help)\n"};
}

void add_options(CLI::App& app, CommandLine& line) {
    app.footer(std::string(kFooter) + exit_line(kExitTexts));
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.set_version_flag("--version", std::string("spicykvmd ") + SPICYKVM_VERSION,
                         "Print the version and exit");
    add_service_options(app, line);
    add_target_options(app, line);
    add_device_options(app, line);
}

} // namespace

std::variant<Options, Exit> parse_options(int argc, char** argv) {
    CommandLine line;
    const std::optional<std::string> password = take_password(argc, argv);
    CLI::App app("Software KVM switch for virtual machines", "spicykvmd");
    add_options(app, line);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return Exit{kExitOk, app.help(), {}};
    } catch (const CLI::CallForVersion& version) {
        return Exit{kExitOk, std::string(version.what()) + "\n", {}};
    } catch (const CLI::ParseError& error) {
        return usage_error(error.what());
    }
    if (line.help_config) {
        return Exit{kExitOk, config_help(), {}};
    }
    line.spice_password = password;
    auto options = interpret(line);
    if (!options) {
        return usage_error(options.error().message);
    }
    return std::move(*options);
}

std::vector<OptionText> describe_options() {
    CommandLine line;
    CLI::App app;
    add_options(app, line);
    return option_texts(app);
}

} // namespace spicykvm::config
