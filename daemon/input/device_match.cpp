// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/device_match.h"

#include <algorithm>
#include <fnmatch.h>
#include <linux/input.h>
#include <map>
#include <set>

namespace spicykvm::input {

namespace {

/// The panic chord and letters: a whole keyboard, not a numpad or a row of media keys.
bool is_typing_keyboard(const NodeIdentity& node) {
    constexpr int kNeeded[] = {KEY_ESC, KEY_BACKSPACE, KEY_ENTER, KEY_SPACE, KEY_A, KEY_Z};
    return std::all_of(std::begin(kNeeded), std::end(kNeeded), [&node](int code) {
        return node.keys.test(static_cast<std::size_t>(code));
    });
}

bool is_pointer(const NodeIdentity& node) {
    return node.motion && node.keys.test(BTN_LEFT);
}

bool has_all_keys(const NodeIdentity& node, const core::Hotkey& hotkey) {
    return std::all_of(hotkey.keys.begin(), hotkey.keys.begin() + hotkey.key_count,
                       [&node](core::KeyCode code) { return node.keys.test(core::raw(code)); });
}

bool has_hotkey(const NodeIdentity& node, const core::HotkeyTable& table) {
    return std::any_of(table.hotkeys.begin(), table.hotkeys.end(),
                       [&node](const core::Hotkey& one) { return has_all_keys(node, one); });
}

bool matches_any(const std::vector<DeviceCriteria>& list, const NodeIdentity& node) {
    return std::any_of(list.begin(), list.end(),
                       [&node](const DeviceCriteria& one) { return matches(one, node); });
}

bool glob(const std::string& pattern, const std::string& value) {
    return pattern.empty() || ::fnmatch(pattern.c_str(), value.c_str(), 0) == 0;
}

/// FNV-1a of the group's key: stays the same while other devices come and go.
std::uint32_t group_of(const NodeIdentity& node) {
    std::uint32_t hash = 2166136261U;
    for (const char byte : group_key(node)) {
        hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
    }
    return hash;
}

/// Why automatic selection has nothing to do with the node; empty: it may have.
std::string obstacle(const NodeIdentity& node, const DeviceSelection& selection) {
    if (!selection.automatic) {
        return "not named in the configuration";
    }
    if (node.seat != selection.seat) {
        return "belongs to " + node.seat;
    }
    if (node.is_virtual && !selection.virtual_devices) {
        return "made by a program (see virtual_devices)";
    }
    if (node.absolute) {
        return "touchpad, tablet or joystick";
    }
    if (node.keys.none() && !node.motion) {
        return "neither keyboard nor pointer";
    }
    return {};
}

/// One run of choose().
class Chooser {
  public:
    Chooser(std::span<const NodeIdentity* const> nodes, const DeviceSelection& selection,
            const core::HotkeyTable& hotkeys)
        : nodes_(nodes), selection_(selection), hotkeys_(hotkeys), choices_(nodes.size()) {}

    std::vector<Choice> run() {
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            describe(i);
        }
        choose_named();
        choose_automatically();
        take_siblings();
        mark_keyboard_groups();
        return std::move(choices_);
    }

  private:
    void describe(std::size_t i) {
        const NodeIdentity& node = *nodes_[i];
        Choice& choice = choices_[i];
        const bool listens = has_hotkey(node, hotkeys_);
        choice.pointer = is_pointer(node);
        choice.keyboard = is_typing_keyboard(node) || (listens && !choice.pointer);
        choice.plan = {.keyboard = choice.keyboard,
                       .pointer = choice.pointer,
                       .selected = false,
                       .listens = listens,
                       .with_keyboard = false,
                       .group = group_of(node)};
        choice.reason = matches_any(selection_.exclude, node) ? "excluded by the configuration"
                                                              : obstacle(node, selection_);
    }

    [[nodiscard]] bool excluded(std::size_t i) const {
        return matches_any(selection_.exclude, *nodes_[i]);
    }

    void take(std::size_t i, bool selected, std::string reason) {
        choices_[i].taken = true;
        choices_[i].plan.selected = selected;
        choices_[i].reason = std::move(reason);
    }

    void choose_named() {
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            if (!excluded(i) && matches_any(selection_.include, *nodes_[i])) {
                take(i, true, "named in the configuration");
            }
        }
    }

    /// Whether any keyboard that may be taken has a hotkey.
    [[nodiscard]] bool any_keyboard_listens() const {
        return std::any_of(choices_.begin(), choices_.end(), [](const Choice& choice) {
            return choice.keyboard && choice.plan.listens &&
                   (choice.taken || choice.reason.empty());
        });
    }

    void choose_automatically() {
        const bool hotkey_needed = any_keyboard_listens();
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            Choice& choice = choices_[i];
            if (choice.taken || !choice.reason.empty()) {
                continue;
            }
            if (choice.plan.listens) {
                take(i, false, choice.keyboard ? "keyboard with a hotkey" : "has a hotkey");
            } else if (choice.keyboard && !hotkey_needed) {
                take(i, false, "keyboard");
            } else if (choice.pointer) {
                take(i, false, "pointer, grabbed when it first moves");
            } else {
                choice.reason = choice.keyboard ? "has none of the hotkeys" : "has no hotkey";
            }
        }
    }

    void take_siblings() {
        std::map<std::uint32_t, std::size_t> leaders;
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            if (choices_[i].taken) {
                // A named node leads the others of its device.
                auto& leader = leaders.emplace(choices_[i].plan.group, i).first->second;
                leader = choices_[i].plan.selected && !choices_[leader].plan.selected ? i : leader;
            }
        }
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            const auto leader = leaders.find(choices_[i].plan.group);
            if (leader == leaders.end() || excluded(i) || choices_[i].plan.selected ||
                nodes_[i]->absolute || (nodes_[i]->keys.none() && !nodes_[i]->motion)) {
                continue;
            }
            const bool selected = choices_[leader->second].plan.selected;
            if (!choices_[i].taken || selected) {
                take(i, selected, "same device as " + nodes_[leader->second]->path);
            }
        }
    }

    void mark_keyboard_groups() {
        std::set<std::uint32_t> with_keyboard;
        for (const Choice& choice : choices_) {
            if (choice.taken && choice.keyboard) {
                with_keyboard.insert(choice.plan.group);
            }
        }
        for (Choice& choice : choices_) {
            choice.plan.with_keyboard = with_keyboard.count(choice.plan.group) > 0;
        }
    }

    std::span<const NodeIdentity* const> nodes_;
    const DeviceSelection& selection_;
    const core::HotkeyTable& hotkeys_;
    std::vector<Choice> choices_;
};

} // namespace

bool matches(const DeviceCriteria& criteria, const NodeIdentity& node) {
    if (criteria == DeviceCriteria{}) {
        return false;
    }
    return glob(criteria.name, node.name) && glob(criteria.phys, node.phys) &&
           (criteria.path.empty() || criteria.path == node.path) &&
           (!criteria.id || *criteria.id == node.id);
}

std::string group_key(const NodeIdentity& node) {
    // "usb-0000:00:14.0-2/input0" and "/input1" are two interfaces of what is in one port. What is
    // paired with a receiver differs in its ids. A Bluetooth phys is that of the host's adapter,
    // and programs often give none.
    std::string port = node.phys.substr(0, node.phys.find("/input"));
    if (node.bus == BUS_BLUETOOTH) {
        port.clear();
    }
    if (port.empty() && node.uniq.empty()) {
        return node.path;
    }
    return std::to_string(node.bus) + '|' + port + '|' + std::to_string(node.id.vendor) + ':' +
           std::to_string(node.id.product) + '|' + node.uniq;
}

std::vector<Choice> choose(std::span<const NodeIdentity* const> nodes,
                           const DeviceSelection& selection, const core::HotkeyTable& hotkeys) {
    return Chooser(nodes, selection, hotkeys).run();
}

} // namespace spicykvm::input
