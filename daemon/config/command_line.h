// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "config/options.h"

#include <optional>
#include <string>
#include <vector>

namespace spicykvm::config {

/// The command line as words, before it is known what they mean.
struct CommandLine {
    std::optional<std::string> config;
    std::string bus = "system";
    std::optional<std::string> log_level;
    bool check = false;
    bool activate = false;
    bool oneshot = false;
    bool help_config = false;

    std::optional<std::string> spice_host;
    std::optional<std::uint16_t> spice_port;
    bool spice_insecure = false;
    std::optional<std::string> spice_password;
    std::optional<std::string> spice_password_env;
    std::optional<std::string> spice_password_file;

    std::optional<std::string> on;
    std::optional<std::string> off;
    std::vector<std::string> input;
    bool input_auto = false;

    std::optional<std::string> record;
    bool record_persistent = false;
    std::optional<std::string> playback;
    bool playback_persistent = false;
    std::optional<std::string> ddc;
    std::vector<std::string> ddc_vcp;
};

/// Says what the words mean. An error is one line: the option, what is wrong, what is allowed.
[[nodiscard]] Result<Options> interpret(const CommandLine& line);

} // namespace spicykvm::config
