// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/help.h"

#include "config/keys.h"

#include <array>

namespace spicykvm::config {

namespace {

constexpr std::string_view kLater = "Not in this version: ignored with a warning.";

struct Chapter {
    std::string_view section;
    std::string_view heading;
};
constexpr std::array kChapters{
    Chapter{"daemon", "[daemon]"},
    Chapter{"hotkeys", "[hotkeys]"},
    Chapter{"input", "[input]"},
    Chapter{"input.device", "One of `devices` and `exclude` in [input]"},
    Chapter{"spice", "[spice]"},
    Chapter{"target", "[[target]]"},
    Chapter{"target.password", "`password` of [[target]]"},
    Chapter{"target.playback", "`playback` of [[target]]"},
    Chapter{"target.record", "`record` of [[target]]"},
    Chapter{"target.monitor", "[[target.monitor]]"},
    Chapter{"target.monitor.match", "`match` of [[target.monitor]]"},
    Chapter{"target.monitor.return", "`return` of [[target.monitor]]"},
    Chapter{"target.monitor.set", "One of `set` of [[target.monitor]]"},
};

std::string meaning(const KeySpec& key) {
    std::string text;
    if (key.presence == Presence::Required) {
        text = "**Required.** ";
    } else if (key.presence == Presence::Later) {
        text = "*" + std::string(kLater) + "* ";
    }
    return text + std::string(key.meaning);
}

std::string row(const KeySpec& key) {
    const std::string fallback = default_text(key);
    return "| `" + std::string(key.name) + "` | " + allowed(key) + " | " +
           (fallback == "-" ? "" : "`" + fallback + "`") + " | " + meaning(key) + " |\n";
}

} // namespace

std::string config_help() {
    std::string text;
    for (const Chapter& chapter : kChapters) {
        text += (text.empty() ? "### " : "\n### ") + std::string(chapter.heading) + "\n\n";
        text += "| key | allowed | default | meaning |\n|---|---|---|---|\n";
        for (const KeySpec* key : keys_of(chapter.section)) {
            text += row(*key);
        }
    }
    return text;
}

} // namespace spicykvm::config
