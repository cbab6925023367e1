// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/report.h"

#include "ctl/audio_report.h"
#include "ctl/text.h"

namespace spicykvm::ctl {

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string count(std::uint32_t number, const char* noun) {
    return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

/// The escape sequences count as width, so only for the last text of a row.
std::string coloured(const Environment& environment, const std::string& text, const char* colour) {
    return environment.colour ? std::string("\x1b[") + colour + "m" + text + "\x1b[0m" : text;
}

std::string state_text(const Environment& environment, const Status& status) {
    const bool home = status.state == "inactive";
    std::string text = coloured(environment, one_line(status.state), home ? "1" : "1;32");
    const std::uint64_t now = environment.monotonic_us();
    if (status.since_us != 0 && now >= status.since_us) {
        text += " for " + duration_text(now - status.since_us);
    }
    if (status.activator) {
        text += ", by " + one_line(environment.user_name(*status.activator));
    }
    return text;
}

std::string vm_text(const Target& target) {
    if (target.vm_name.empty()) {
        return or_dash(target.vm_uuid);
    }
    return one_line(target.vm_name);
}

std::string note_of(const Target& target) {
    std::string note = one_line(target.last_error);
    if (target.insecure) {
        note += note.empty() ? "insecure" : "; insecure";
    }
    return note;
}

std::string kind_of(const Device& device) {
    if (device.keyboard) {
        return device.pointer ? "keyboard, pointer" : "keyboard";
    }
    return device.pointer ? "pointer" : "other";
}

std::string use_of(const Device& device) {
    if (device.grabbed) {
        return "grabbed";
    }
    return device.used ? "used" : "no";
}

struct ToLine {
    std::string operator()(const DaemonEvent& event) const {
        return event.running ? "daemon  running" : "daemon  not running";
    }
    std::string operator()(const StateEvent& event) const {
        const bool has_news = event.state == "inactive" && !event.last_error.empty();
        return "state   " + event.state + (event.active_target.empty() ? "" : " ") +
               event.active_target + (has_news ? " (last error: " + event.last_error + ")" : "");
    }
    std::string operator()(const TargetEvent& event) const {
        const std::string note = note_of(event.target);
        return "target  " + event.target.name + " " + event.target.connection +
               (note.empty() ? "" : " (" + note + ")");
    }
    std::string operator()(const TargetGoneEvent& event) const {
        return "target  " + event.name + " gone";
    }
    std::string operator()(const SwitchEvent& event) const {
        std::string line = "switch  " + event.target + " " + event.reason;
        const char* separator = ": ";
        for (const Step& step : event.steps) {
            line += separator + step.step + " " + step.outcome +
                    (step.reason.empty() ? "" : " (" + step.reason + ")");
            separator = ", ";
        }
        return line;
    }
};

} // namespace

void print_status(Environment& environment, const Status& status) {
    Rows rows{{"State", state_text(environment, status)}};
    if (!status.active_target.empty()) {
        rows.push_back({"Target", one_line(status.active_target)});
    }
    if (status.keyboards_grabbed + status.pointers_grabbed != 0) {
        rows.push_back({"Grabbed", count(status.keyboards_grabbed, "keyboard") + ", " +
                                       count(status.pointers_grabbed, "pointer")});
    }
    rows.push_back({"Default", or_dash(status.default_target)});
    if (!status.last_error.empty()) {
        rows.push_back({"Last error", one_line(status.last_error)});
    }
    if (!status.blocked.empty()) {
        rows.push_back({"Blocked", one_line(status.blocked)});
    }
    for (const std::string& warning : status.warnings) {
        rows.push_back({"Warning", one_line(warning)});
    }
    rows.push_back({"Version", or_dash(status.version)});
    environment.out << aligned(rows) << '\n';
    print_targets(environment, status.targets);
    print_audio(environment, status.audio);
}

void print_targets(Environment& environment, const std::vector<Target>& targets) {
    if (targets.empty()) {
        environment.out << "No targets: add a [[target]] to /etc/spicykvm/config.toml\n";
        return;
    }
    Rows rows{{"TARGET", "CONNECTION", "VM", "HOTKEY", "URI", "NOTE"}};
    for (const Target& target : targets) {
        rows.push_back({or_dash(target.name), or_dash(target.connection), vm_text(target),
                        or_dash(target.hotkey), or_dash(target.uri), note_of(target)});
    }
    environment.out << aligned(rows);
}

void print_devices(Environment& environment, const std::vector<Device>& devices) {
    if (devices.empty()) {
        environment.out << "No input devices: may spicykvmd read /dev/input?\n";
        return;
    }
    Rows rows{{"NODE", "USED", "KIND", "ID", "NAME", "NOTE"}};
    for (const Device& device : devices) {
        rows.push_back({or_dash(device.node), use_of(device), kind_of(device), or_dash(device.id),
                        or_dash(device.name), one_line(device.note)});
    }
    environment.out << aligned(rows);
}

std::string to_line(const Event& event) {
    return one_line(std::visit(ToLine{}, event));
}

} // namespace spicykvm::ctl
