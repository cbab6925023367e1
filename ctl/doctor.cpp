// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/doctor.h"

#include "ctl/text.h"
#include "spicykvm-dbus/names.h"

#include <algorithm>

namespace spicykvm::ctl {

namespace {

constexpr const char* kNoDaemon = "spicykvmd does not answer, so nobody knows";

std::string joined(const std::vector<std::string>& texts) {
    std::string line;
    for (const std::string& text : texts) {
        line += (line.empty() ? "" : "; ") + text;
    }
    return line;
}

/// Wrong with all of `faults`, if there are any.
Check verdict(const char* name, const std::vector<std::string>& faults, const std::string& ok) {
    return faults.empty() ? Check{name, Verdict::Ok, ok}
                          : Check{name, Verdict::Wrong, joined(faults)};
}

Check service(const Findings& findings) {
    if (!findings.unit) {
        return {"service", Verdict::Unknown, "systemd can't be asked on the system bus"};
    }
    if (findings.unit->active == "active" && findings.has_owner) {
        return {"service", Verdict::Ok, "spicykvmd.service is active"};
    }
    return {"service", Verdict::Wrong, diagnosis::explain(*findings.unit)};
}

Check accounts(const Findings& findings) {
    std::vector<std::string> faults;
    if (!findings.missing_accounts.empty()) {
        faults.push_back("there is no " + joined(findings.missing_accounts) +
                         ": systemd-sysusers, systemctl reload dbus, then systemctl restart "
                         "spicykvmd");
    }
    return verdict("accounts", faults, "user spicykvm, groups input and i2c are there");
}

Check bus(const Findings& findings) {
    const std::string name = dbus::kBusName;
    if (findings.has_owner) {
        return {"bus", Verdict::Ok, name + " is on the bus"};
    }
    if (findings.session_bus) {
        return {"bus", Verdict::Wrong,
                "nobody has the name " + name + " on the session bus: spicykvmd --bus session"};
    }
    if (findings.policy.file.empty() || !findings.policy.user_exists) {
        return {"bus", Verdict::Wrong, diagnosis::name_refusal(name, findings.policy)};
    }
    return {"bus", Verdict::Wrong, "nobody has the name " + name + ": see service"};
}

Check polkit(const Findings& findings) {
    if (!findings.polkit_actions) {
        return {"polkit", Verdict::Wrong,
                "polkit does not answer, so only root may switch: install polkitd, or see "
                "systemctl status polkit (" +
                    findings.polkit_actions.error().message + ")"};
    }
    const auto ours = std::count_if(
        findings.polkit_actions->begin(), findings.polkit_actions->end(),
        [](const std::string& action) { return action.starts_with("org.spicykvm.Manager."); });
    if (ours == 0) {
        return {"polkit", Verdict::Wrong,
                "polkit does not know spicykvm's actions, so only root may switch: is "
                "org.spicykvm.Manager.policy in /usr/share/polkit-1/actions?"};
    }
    return {"polkit", Verdict::Ok, "polkit knows " + std::to_string(ours) + " actions of spicykvm"};
}

bool has_monitors(const Findings& findings) {
    return findings.displays &&
           std::any_of(findings.displays->begin(), findings.displays->end(),
                       [](const Display& display) { return !display.configured.empty(); });
}

Check i2c(const Findings& findings) {
    if (findings.has_i2c_dev) {
        return {"i2c-dev", Verdict::Ok, "the module i2c-dev is loaded"};
    }
    if (findings.displays && !has_monitors(findings)) {
        return {"i2c-dev", Verdict::Ok, "not loaded, and no monitor is configured"};
    }
    return {"i2c-dev", Verdict::Wrong,
            "the module i2c-dev is not loaded, so no monitor can be switched: modprobe i2c-dev, "
            "then systemctl restart spicykvmd"};
}

/// The daemon could not open it, or its grab was refused; both say so at the note's beginning.
bool is_trouble(const Device& device) {
    return device.note.starts_with("open ") || device.note.starts_with("cannot grab ");
}

Check devices(const Findings& findings) {
    if (!findings.devices) {
        return {"devices", Verdict::Unknown, kNoDaemon};
    }
    std::vector<std::string> faults;
    std::size_t closed = 0;
    std::size_t keyboards = 0;
    std::size_t pointers = 0;
    for (const Device& device : *findings.devices) {
        keyboards += device.used && device.keyboard ? 1U : 0U;
        pointers += device.used && device.pointer ? 1U : 0U;
        // One reason is often that of all devices.
        if (is_trouble(device) && closed++ == 0) {
            faults.push_back(device.note);
        }
    }
    if (closed > 1) {
        faults.push_back("and " + std::to_string(closed - 1) +
                         " more like it: see spicykvmctl devices");
    }
    if (keyboards == 0) {
        faults.emplace_back("no keyboard is used, so nothing can be activated: see spicykvmctl "
                            "devices");
    }
    return verdict("devices", faults,
                   "keyboards: " + std::to_string(keyboards) +
                       ", mice: " + std::to_string(pointers));
}

Check grabbers(const Findings& findings) {
    std::vector<std::string> faults;
    for (const NodeHolders& node : findings.holders) {
        if (!node.holders.empty()) {
            faults.push_back(node.device.node + " (" + node.device.name + ") is open in " +
                             diagnosis::name_holders(node.holders) +
                             ", too, which may have it grabbed: stop that, or exclude one of them");
        }
    }
    if (!faults.empty()) {
        return verdict("grabbers", faults, {});
    }
    if (findings.grabber_units.empty() && findings.is_root && !findings.devices) {
        return {"grabbers", Verdict::Unknown, kNoDaemon};
    }
    if (!findings.grabber_units.empty()) {
        return {"grabbers", findings.is_root && findings.devices ? Verdict::Ok : Verdict::Unknown,
                diagnosis::name_grabbers(findings.grabber_units) +
                    (findings.is_root ? "; it has none of the keyboards that spicykvmd uses"
                                      : "; root sees which (sudo spicykvmctl doctor)")};
    }
    return {"grabbers", Verdict::Ok,
            findings.is_root ? "no other program is known to grab the keyboards"
                             : "no service runs that grabs keyboards; root sees other programs, "
                               "too (sudo spicykvmctl doctor)"};
}

Check monitors(const Findings& findings) {
    if (!findings.displays) {
        return {"monitors", Verdict::Unknown, kNoDaemon};
    }
    // Many answer only on the input that they show.
    const bool is_home = !findings.status || findings.status->state == "inactive";
    std::vector<std::string> faults;
    std::size_t count = 0;
    for (const Display& display : *findings.displays) {
        for (const ConfiguredMonitor& monitor : display.configured) {
            ++count;
            const std::string who = monitor.target + " " + monitor.name + ": ";
            if (display.connector.empty() && !display.bus) {
                faults.push_back(who + (monitor.note.empty() ? "is not there" : monitor.note));
            } else if (!display.ddc && is_home) {
                faults.push_back(
                    who + (display.note.empty() ? "it does not answer over DDC/CI" : display.note));
            }
        }
    }
    return verdict("monitors", faults,
                   count == 0 ? "none is configured"
                              : "all " + std::to_string(count) + " of the configuration are there");
}

Check targets(const Findings& findings) {
    if (!findings.status) {
        return {"targets", Verdict::Unknown, kNoDaemon};
    }
    std::vector<std::string> faults;
    std::vector<std::string> well;
    for (const Target& target : findings.status->targets) {
        const std::string line = target.name + " " + target.connection;
        if (target.connection != "connected" && !target.last_error.empty()) {
            faults.push_back(line + ": " + target.last_error);
        } else {
            well.push_back(line);
        }
    }
    if (findings.status->targets.empty()) {
        faults.emplace_back("none is configured: /etc/spicykvm/config.toml");
    }
    return verdict("targets", faults, joined(well));
}

/// Its sound, in this user's session.
Check session(const Findings& findings) {
    const bool is_open =
        findings.status && std::any_of(findings.status->audio.begin(), findings.status->audio.end(),
                                       [](const AudioStream& stream) { return stream.open; });
    if (is_open || (findings.session_unit && findings.session_unit->active == "active")) {
        return {"session", Verdict::Ok, "spicykvm-session runs"};
    }
    if (!findings.session_unit) {
        return {"session", Verdict::Unknown,
                "no systemd of a user here: run it as the user whose session is to have the sound"};
    }
    if (findings.session_unit->load == "not-found") {
        return {"session", Verdict::Unknown,
                "spicykvm-session is not installed: the VMs have no sound here"};
    }
    return {"session", Verdict::Wrong,
            "spicykvm-session does not run, so the VMs have no sound here: systemctl --user enable "
            "--now spicykvm-session"};
}

} // namespace

std::string to_string(Verdict verdict) {
    switch (verdict) {
    case Verdict::Ok:
        return "ok";
    case Verdict::Wrong:
        return "wrong";
    case Verdict::Unknown:
        break;
    }
    return "unknown";
}

std::vector<Check> examine(const Findings& findings) {
    std::vector<Check> checks;
    if (!findings.session_bus) {
        checks = {service(findings), accounts(findings), bus(findings), polkit(findings)};
    } else {
        checks = {bus(findings)};
    }
    for (const auto check : {devices, grabbers, i2c, monitors, targets, session}) {
        checks.push_back(check(findings));
    }
    for (Check& check : checks) {
        check.text = one_line(check.text);
    }
    return checks;
}

} // namespace spicykvm::ctl
