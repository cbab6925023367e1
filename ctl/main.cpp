// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// spicykvmctl: what the commands touch outside of themselves, put together.
#include "ctl/bus_daemon.h"
#include "ctl/child.h"
#include "ctl/command.h"
#include "ctl/connectors.h"
#include "ctl/exit_code.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <pwd.h>
#include <unistd.h>

namespace spicykvm::ctl {

namespace {

int check_config(const std::vector<std::string>& options) {
    std::error_code ignored;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
    for (const std::string& program : daemon_candidates(self.parent_path())) {
        std::vector<std::string> argv{program, "--check"};
        argv.insert(argv.end(), options.begin(), options.end());
        const auto code = run_program(argv);
        if (code) {
            return *code;
        }
        if (code.error().code != ErrorCode::NotFound) {
            std::cerr << "spicykvmctl: " << code.error().message << '\n';
            return kFailed;
        }
    }
    std::cerr << "spicykvmctl: config check needs spicykvmd, which is neither beside this program "
                 "nor on PATH\n";
    return kFailed;
}

std::uint64_t monotonic_us() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

std::string user_name(std::uint32_t uid) {
    const passwd* const entry = ::getpwuid(uid);
    return entry == nullptr ? "uid " + std::to_string(uid) : entry->pw_name;
}

std::optional<std::string> variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

int run(const std::vector<std::string>& words) {
    const auto parsed = parse_command(words, variable("SPICYKVM_BUS"));
    if (const auto* exit = std::get_if<Exit>(&parsed)) {
        std::cout << exit->out;
        std::cerr << exit->err;
        return exit->code;
    }
    const auto& command = std::get<Command>(parsed);
    Environment environment{
        .out = std::cout,
        .err = std::cerr,
        .colour = ::isatty(STDOUT_FILENO) == 1 && !variable("NO_COLOR"),
        .session_bus = command.session_bus,
        .connect =
            [&] {
                return connect_daemon(command.session_bus ? BusKind::Session : BusKind::System);
            },
        .check_config = check_config,
        .connected_displays = [] { return connected_displays(kDrmFolder); },
        .monotonic_us = monotonic_us,
        .user_name = user_name,
        .machine = local_machine(),
    };
    return command.verb->run(command.arguments, environment);
}

} // namespace

} // namespace spicykvm::ctl

int main(int argc, char** argv) {
    try {
        return spicykvm::ctl::run({argv + 1, argv + argc});
    } catch (const std::exception& error) {
        std::cerr << "spicykvmctl: " << error.what() << '\n';
        return spicykvm::ctl::kFailed;
    }
}
