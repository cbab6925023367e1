// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/check.h"

#include "config/hotkey_syntax.h"
#include "config/keys.h"

#include <algorithm>

namespace spicykvm::config {

using core::Gesture;
using core::Hotkey;

namespace {

/// A hotkey and the key of the file it belongs to.
struct Use {
    std::string key;
    HotkeySetting setting;
};

std::vector<Use> all_uses(const Config& config) {
    std::vector<Use> uses;
    const auto add = [&uses](const std::string& key, const HotkeyList& list) {
        for (const HotkeySetting& setting : list) {
            uses.push_back({key, setting});
        }
    };
    const HotkeyConfig& hotkeys = config.hotkeys;
    add("hotkeys.toggle", hotkeys.toggle);
    add("hotkeys.home", hotkeys.home);
    add("hotkeys.next", hotkeys.next);
    add("hotkeys.last", hotkeys.last);
    add("hotkeys.lend_mouse", hotkeys.lend_mouse);
    add("hotkeys.borrow", hotkeys.borrow);
    for (const TargetConfig& target : config.targets) {
        add("target." + target.name + ".hotkey", target.hotkey);
    }
    return uses;
}

/// Press and Release act on every stroke of their key, whatever else it turns out to be.
bool claims_whole_key(const Hotkey& hotkey) noexcept {
    return hotkey.gesture == Gesture::Press || hotkey.gesture == Gesture::Release;
}

bool exclude_each_other(const Hotkey& a, const Hotkey& b) noexcept {
    if (same_gesture(a, b)) {
        return true;
    }
    const bool single = a.gesture != Gesture::Chord && b.gesture != Gesture::Chord;
    return single && a.keys[0] == b.keys[0] && (claims_whole_key(a) || claims_whole_key(b));
}

std::string where(const Place& place) {
    return place.line == 0 ? place.file : place.file + ":" + std::to_string(place.line);
}

void check_conflicts(Draft& draft) {
    const std::vector<Use> uses = all_uses(draft.config);
    for (std::size_t i = 0; i < uses.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (!exclude_each_other(uses[i].setting.hotkey, uses[j].setting.hotkey)) {
                continue;
            }
            draft.diagnostics.error(
                draft.place_of(uses[i].key), uses[i].key,
                quote(uses[i].setting.text) + " can't be told from " + quote(uses[j].setting.text) +
                    " of " + uses[j].key + " (" + where(draft.place_of(uses[j].key)) +
                    "); allowed: each gesture once, and press or release alone on their key");
            break;
        }
    }
}

void check_holds(Draft& draft) {
    const auto check = [&draft](const std::string& key, const HotkeyList& list) {
        for (const HotkeySetting& setting : list) {
            if (setting.hotkey.gesture != Gesture::Hold) {
                draft.diagnostics.error(draft.place_of(key), key,
                                        quote(setting.text) + " can't be held; allowed: hold(KEY)");
            }
        }
    };
    check("hotkeys.lend_mouse", draft.config.hotkeys.lend_mouse);
    check("hotkeys.borrow", draft.config.hotkeys.borrow);
}

void warn_of_one_way(Draft& draft) {
    const std::vector<Use> uses = all_uses(draft.config);
    const auto leads = [&uses](auto predicate) {
        return std::any_of(uses.begin(), uses.end(), predicate);
    };
    const bool there = leads([](const Use& use) {
        return use.key.ends_with(".hotkey") || use.key == "hotkeys.next" ||
               use.key == "hotkeys.last";
    });
    const bool back = leads(
        [](const Use& use) { return use.key == "hotkeys.home" || use.key == "hotkeys.toggle"; });
    if (there && !back) {
        draft.diagnostics.warning(draft.place_of(uses.front().key), "hotkeys",
                                  "no hotkey leads home; only Backspace+Escape+Enter and "
                                  "\"spicykvmctl deactivate\" do; set hotkeys.home or "
                                  "hotkeys.toggle");
    }
}

void check_required(Draft& draft, const std::string& target) {
    for (const KeySpec* key : keys_of("target")) {
        const std::string path = target + "." + std::string(key->name);
        if (key->presence == Presence::Required && !draft.places.contains(path)) {
            draft.diagnostics.error(draft.place_of(target), path,
                                    "missing; every target needs it; allowed: " + allowed(*key));
        }
    }
}

void check_target(Draft& draft, const TargetConfig& target, const TargetCheck& target_check) {
    const std::string path = "target." + target.name;
    check_required(draft, path);
    if (!target.peer_user.empty() && !target.uri.starts_with("spice+unix:")) {
        draft.diagnostics.error(draft.place_of(path + ".peer_user"), path + ".peer_user",
                                "only a unix socket shows who owns its other end; allowed: with "
                                "a spice+unix uri");
    }
    if (target_check && !target.uri.empty()) {
        for (const TargetFault& fault : target_check(target)) {
            const std::string key = path + "." + fault.key;
            draft.diagnostics.error(draft.place_of(key), key, fault.text);
        }
    }
}

} // namespace

void check_whole(Draft& draft, const TargetCheck& target_check) {
    const Config& config = draft.config;
    for (const TargetConfig& target : config.targets) {
        check_target(draft, target, target_check);
    }
    if (const std::string& name = config.daemon.default_target;
        !name.empty() && !find_target(config, name)) {
        draft.diagnostics.error(draft.place_of("daemon.default_target"), "daemon.default_target",
                                quote(name) + " is no target; allowed: the name of a [[target]]");
    }
    if (config.spice.retry_min > config.spice.retry_max) {
        draft.diagnostics.error(draft.place_of("spice.retry_min_ms"), "spice.retry_min_ms",
                                std::to_string(config.spice.retry_min.count()) +
                                    " is more than spice.retry_max_ms; allowed: at most " +
                                    std::to_string(config.spice.retry_max.count()));
    }
    check_conflicts(draft);
    check_holds(draft);
    warn_of_one_way(draft);
}

} // namespace spicykvm::config
