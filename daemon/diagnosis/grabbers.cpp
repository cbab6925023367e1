// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnosis/grabbers.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <unistd.h>

namespace spicykvm::diagnosis {

namespace {

// Names of programs, as /proc has them: at most 15 letters. Prefixes, for some are interpreters'
// scripts or have the name of an architecture at the end.
constexpr std::array<std::string_view, 15> kGrabbers{
    "keyd",   "kmonad",    "kanata",   "input-remapper", "evremap",
    "xremap", "rkvm",      "udevmon",  "intercept",      "evsieve",
    "hawck",  "spicy-kvm", "netevent", "qemu-system",    "kbct"};
constexpr std::array<std::string_view, 12> kReaders{
    "systemd",  "gnome-shell", "kwin_wayland", "sway", "Hyprland",    "weston",
    "Xwayland", "labwc",       "wayfire",      "niri", "cosmic-comp", "upowerd"};

bool is_one_of(auto& names, const Holder& holder) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return holder.name.starts_with(name); });
}

std::optional<pid_t> to_pid(const std::string& text) {
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pid);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(pid)
                                                                    : std::nullopt;
}

bool has_open(const std::filesystem::path& process, const std::filesystem::path& node) {
    std::error_code error; // of processes that are others' business, or have just ended
    for (std::filesystem::directory_iterator entry(process / "fd", error), end;
         !error && entry != end; entry.increment(error)) {
        std::error_code gone;
        if (std::filesystem::read_symlink(entry->path(), gone) == node) {
            return true;
        }
    }
    return false;
}

std::string comm_of(const std::filesystem::path& process) {
    std::ifstream file(process / "comm");
    std::string line;
    std::getline(file, line);
    return printable(line);
}

} // namespace

const std::vector<std::string>& grabber_units() {
    static const std::vector<std::string> units{
        "keyd.service",     "kmonad*.service",       "kanata*.service",  "input-remapper*.service",
        "evremap*.service", "xremap*.service",       "rkvm-*.service",   "udevmon.service",
        "hawck*.service",   "interception*.service", "evsieve*.service", "kbct*.service"};
    return units;
}

std::vector<Holder> holders_of(const std::string& node, const std::string& proc) {
    std::vector<Holder> holders;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(proc, error), end; !error && entry != end;
         entry.increment(error)) {
        const auto pid = to_pid(entry->path().filename().string());
        if (pid && *pid != ::getpid() && has_open(entry->path(), node)) {
            holders.push_back({*pid, comm_of(entry->path())});
        }
    }
    std::sort(holders.begin(), holders.end(),
              [](const Holder& left, const Holder& right) { return left.pid < right.pid; });
    return holders;
}

std::vector<Holder> known_grabbers(const std::vector<Holder>& holders) {
    std::vector<Holder> known;
    std::copy_if(holders.begin(), holders.end(), std::back_inserter(known),
                 [](const Holder& holder) { return is_one_of(kGrabbers, holder); });
    return known;
}

std::vector<Holder> suspects(const std::vector<Holder>& holders) {
    auto suspected = known_grabbers(holders);
    if (suspected.empty()) {
        std::copy_if(holders.begin(), holders.end(), std::back_inserter(suspected),
                     [](const Holder& holder) { return !is_one_of(kReaders, holder); });
    }
    return suspected;
}

std::string name_grabbers(const std::vector<std::string>& units) {
    if (units.empty()) {
        return "spicykvmctl doctor, as root, names it";
    }
    std::string names;
    for (const std::string& unit : units) {
        names += (names.empty() ? "" : " ") + unit;
    }
    return names + (units.size() == 1 ? " runs and grabs keyboards" : " run and grab keyboards") +
           ": systemctl stop " + names + ", or give it other devices";
}

std::string name_holders(const std::vector<Holder>& holders) {
    std::string text;
    for (const Holder& holder : holders) {
        text +=
            (text.empty() ? "" : ", ") + holder.name + " (pid " + std::to_string(holder.pid) + ")";
    }
    return text;
}

} // namespace spicykvm::diagnosis
