// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/doctor_verb.h"

#include "ctl/doctor.h"
#include "ctl/exit_code.h"
#include "ctl/json.h"
#include "ctl/text.h"

#include <algorithm>

namespace spicykvm::ctl {

namespace {

/// Nothing, if the daemon does not answer; why is what other checks tell.
template <typename T>
std::optional<T> value_of(const Answer<T>& answer) {
    return answer ? std::optional(*answer) : std::nullopt;
}

void look_at_machine(const Machine& machine, Findings& findings) {
    findings.is_root = machine.is_root();
    findings.has_owner = machine.has_daemon(findings.session_bus);
    findings.has_i2c_dev = machine.has_i2c_dev();
    findings.session_unit = machine.session_unit();
    findings.grabber_units = machine.grabber_units();
    if (!findings.session_bus) {
        findings.unit = machine.daemon_unit();
        findings.missing_accounts = machine.missing_accounts();
        findings.policy = machine.bus_policy();
        findings.polkit_actions = machine.polkit_actions();
    }
}

/// Only a daemon that is there: a call would start it, and wait for that.
void ask_daemon(Environment& environment, Findings& findings) {
    const auto daemon = environment.connect();
    if (!findings.has_owner || !daemon) {
        return;
    }
    findings.status = value_of((*daemon)->status());
    findings.devices = value_of((*daemon)->devices());
    findings.displays = value_of((*daemon)->displays());
}

void look_at_holders(const Machine& machine, Findings& findings) {
    if (!findings.is_root || !findings.devices) {
        return;
    }
    const bool was_busy =
        findings.status && findings.status->last_error.find("grabbed") != std::string::npos;
    for (const Device& device : *findings.devices) {
        if (device.used && device.keyboard) {
            auto known = diagnosis::known_grabbers(machine.holders_of(device.node));
            if (known.empty() && was_busy) {
                known = diagnosis::suspects(machine.holders_of(device.node));
            }
            findings.holders.push_back({device, std::move(known)});
        }
    }
}

} // namespace

int doctor(const Arguments& arguments, Environment& environment) {
    Findings findings;
    findings.session_bus = environment.session_bus;
    look_at_machine(environment.machine, findings);
    ask_daemon(environment, findings);
    look_at_holders(environment.machine, findings);
    const std::vector<Check> checks = examine(findings);
    if (arguments.json) {
        environment.out << to_json(checks) << '\n';
    } else {
        std::vector<std::vector<std::string>> rows;
        for (const Check& check : checks) {
            rows.push_back({to_string(check.verdict), check.name, check.text});
        }
        environment.out << aligned(rows);
    }
    const bool is_well = std::none_of(checks.begin(), checks.end(), [](const Check& check) {
        return check.verdict == Verdict::Wrong;
    });
    return is_well ? kOk : kUnwell;
}

} // namespace spicykvm::ctl
