// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/button_map.h"
#include "core/hotkey_lookup.h"
#include "core/key_holders.h"
#include "strict_guest.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <optional>
#include <vector>

namespace spicykvm::core::test {

/// What one guest should get between entering and leaving it, and whether it did.
class SessionCheck {
  public:
    using Log = std::vector<StrictGuest::Pressed>;

    /// A new session. `comparable`: the order of keys will tell something.
    void begin(StrictGuest& guest, bool comparable) {
        guest.log.clear();
        sent_dx_ = guest.dx;
        sent_dy_ = guest.dy;
        received_dx_ = received_dy_ = 0;
        expected_.clear();
        held_ = {};
        buttons_.forget_held();
        fired_ = false;
        comparable_ = comparable;
    }
    /// Something else than keys changed what the guest holds.
    void spoil() { comparable_ = false; }
    void hotkey_fired() { fired_ = true; }

    void seen(DeviceSlot device, KeyCode code) { buttons_.learn(device, code); }
    void unplugged(DeviceSlot device) { buttons_.forget(device); }

    void moved(std::int32_t dx, std::int32_t dy) {
        received_dx_ += dx;
        received_dy_ += dy;
    }

    /// Without hotkeys: one press and one release of each key, whatever number of devices has it.
    void pressed(DeviceSlot device, KeyCode code, KeyAction action) {
        if (action == KeyAction::Repeat) {
            return;
        }
        const bool down = action == KeyAction::Down;
        const bool button = is_button(code);
        const std::optional<KeyCode> sent = button ? buttons_.code(device, code, down) : code;
        if (sent && (down ? held_.press(device, *sent) : held_.release(device, *sent))) {
            expected_.push_back({button ? KeyCode{} : *sent,
                                 button ? ButtonMap::button(*sent) : Button{}, !button, down});
        }
    }

    void check_motion(const StrictGuest& guest) const {
        EXPECT_EQ(guest.dx - sent_dx_, received_dx_);
        EXPECT_EQ(guest.dy - sent_dy_, received_dy_);
    }

    /// All of it, in order. `has_hotkeys`: but for releases of ordinary keys, which may overtake
    /// what is withheld. `may_swallow`: but for what fired, too.
    void check_log(const StrictGuest& guest, bool has_hotkeys, bool may_swallow) const {
        if (!comparable_) {
            return;
        }
        if (!has_hotkeys) {
            EXPECT_EQ(guest.log, expected_);
        } else if (fired_ || may_swallow) {
            EXPECT_TRUE(is_subsequence(ordered(guest.log), ordered(expected_)));
        } else {
            EXPECT_EQ(ordered(guest.log), ordered(expected_)) << "something is lost";
        }
    }

  private:
    static Log ordered(Log log) {
        std::erase_if(log, [](const StrictGuest::Pressed& entry) {
            return entry.is_key && !entry.down && !is_modifier(entry.code);
        });
        return log;
    }

    static bool is_subsequence(const Log& part, const Log& whole) {
        auto place = whole.begin();
        for (const StrictGuest::Pressed& entry : part) {
            place = std::find(place, whole.end(), entry);
            if (place == whole.end()) {
                return false;
            }
            ++place;
        }
        return true;
    }

    std::int64_t sent_dx_ = 0; ///< to this guest before
    std::int64_t sent_dy_ = 0;
    std::int64_t received_dx_ = 0;
    std::int64_t received_dy_ = 0;
    Log expected_;
    KeyHolders held_;
    ButtonMap buttons_;
    bool fired_ = false;
    bool comparable_ = false;
};

} // namespace spicykvm::core::test
