// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnosis/unit_state.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <string_view>

namespace spicykvm::diagnosis {

namespace {

struct Reason {
    std::string_view key;
    std::string_view text;
};

struct ExitReason {
    int status;
    std::string_view text;
};

constexpr std::string_view kLog = "journalctl -u spicykvmd -n 20";

constexpr std::array kLoadReasons{
    Reason{"not-found", "systemd has no spicykvmd.service: is the package installed? systemctl "
                        "daemon-reload"},
    Reason{"masked", "its unit is masked: systemctl unmask spicykvmd"},
    Reason{"bad-setting", "systemd can't use its unit: systemctl status spicykvmd"},
    Reason{"error", "systemd can't read its unit: systemctl status spicykvmd"},
};

constexpr std::array kResults{
    Reason{"watchdog", "it hung, and systemd ended it: journalctl -u spicykvmd -n 20"},
    Reason{"timeout", "it took too long to start or to stop: journalctl -u spicykvmd -n 20"},
    Reason{"oom-kill", "it ran out of memory (MemoryMax= of the unit): systemctl status spicykvmd"},
    Reason{"resources", "systemd could not set it up: systemctl status spicykvmd"},
    Reason{"protocol", "it ended before it was ready: journalctl -u spicykvmd -n 20"},
    Reason{"exec-condition", "a condition of its unit does not hold: systemctl status spicykvmd"},
};

// spicykvmd's own (docs/configuration.md), then systemd's.
constexpr std::array kExits{
    ExitReason{2, "the command line in its unit is wrong: systemctl cat spicykvmd"},
    ExitReason{5, "the configuration is wrong: sudo spicykvmctl config check"},
    ExitReason{203, "the program that its unit names can't be run: systemctl cat spicykvmd"},
    ExitReason{216, "a group of its unit (spicykvm, input, i2c) does not exist: systemd-sysusers, "
                    "then systemctl restart spicykvmd"},
    ExitReason{217, "the user spicykvm does not exist: systemd-sysusers, systemctl reload dbus, "
                    "then systemctl restart spicykvmd"},
    ExitReason{226, "a folder that its unit names does not exist, or this system allows no mount "
                    "namespaces: systemctl status spicykvmd"},
    ExitReason{228, "the kernel has no system call filters, which its unit wants: systemctl cat "
                    "spicykvmd"},
    ExitReason{233, "its folder in /run could not be made: systemctl status spicykvmd"},
    ExitReason{241, "its folder /etc/spicykvm could not be made: systemctl status spicykvmd"},
    ExitReason{243, "a password in /etc/spicykvm/credentials can't be read by systemd "
                    "(LoadCredential=): systemctl status spicykvmd"},
};

std::string_view find(const auto& table, const auto& key, auto member) {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const auto& entry) { return entry.*member == key; });
    return found == table.end() ? std::string_view() : found->text;
}

std::string exit_reason(const UnitState& state) {
    if (const auto text = find(kExits, state.exit_status, &ExitReason::status); !text.empty()) {
        return std::string(text);
    }
    if (state.status_text.starts_with(kFailedStatus)) {
        return state.status_text.substr(std::string_view(kFailedStatus).size());
    }
    if (state.exit_status >= 200) {
        return "systemd could not set it up (status " + std::to_string(state.exit_status) +
               " of systemd.exec(5)): systemctl status spicykvmd";
    }
    return "it failed: " + std::string(kLog);
}

/// Of a unit that failed, or waits for its restart.
std::string failure(const UnitState& state) {
    if (const auto text = find(kResults, state.result, &Reason::key); !text.empty()) {
        return std::string(text);
    }
    if (state.exit_code == CLD_KILLED || state.exit_code == CLD_DUMPED) {
        return "it was killed by signal " + std::to_string(state.exit_status) + ": " +
               std::string(kLog);
    }
    std::string text = exit_reason(state);
    if (state.result == "start-limit-hit") {
        text += "; systemd has given up, so systemctl reset-failed spicykvmd first";
    }
    return text;
}

} // namespace

std::string explain(const UnitState& state) {
    const std::string prefix = "spicykvmd is not running: ";
    if (const auto text = find(kLoadReasons, state.load, &Reason::key); !text.empty()) {
        return prefix + std::string(text);
    }
    if (state.active == "failed" || state.sub == "auto-restart") {
        return prefix + failure(state);
    }
    if (state.active == "activating") {
        return "spicykvmd is starting: try again";
    }
    if (state.active == "deactivating") {
        return "spicykvmd is stopping: try again";
    }
    if (state.active == "active" || state.active == "reloading") {
        return "spicykvmd runs, but has not the name org.spicykvm.Manager on this bus: "
               "systemctl cat spicykvmd (--bus?), systemctl restart spicykvmd";
    }
    if (!state.conditions_met) {
        return prefix + "a condition of its unit does not hold: systemctl status spicykvmd";
    }
    return prefix + "systemctl start spicykvmd";
}

} // namespace spicykvm::diagnosis
