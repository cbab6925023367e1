// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <linux/input.h>
#include <span>
#include <spice/protocol.h>

namespace spicykvm::bench {

/// SPICE messages for the events of one read(): the least that a guest would understand.
class BareBatch {
  public:
    static constexpr std::size_t kEvents = 64;

    void take(const input_event& event) {
        if (event.type == EV_REL) {
            (event.code == REL_X ? motion_.dx : motion_.dy) += event.value;
            moved_ = true;
        } else if (event.type == EV_KEY) {
            // Up to KEY_F10 the scancode is the code itself.
            const std::uint32_t code = event.code;
            append(event.value != 0 ? Key{SPICE_MSGC_INPUTS_KEY_DOWN, 4, code}
                                    : Key{SPICE_MSGC_INPUTS_KEY_UP, 4, code | 0x80U});
        } else if (event.type == EV_SYN && moved_) {
            append(motion_);
            motion_ = {};
            moved_ = false;
        }
    }
    /// What there is; it is gone then.
    std::span<const std::uint8_t> finish() {
        const auto bytes = std::span(bytes_).first(used_);
        used_ = 0;
        return bytes;
    }

  private:
    struct [[gnu::packed]] Motion {
        std::uint16_t type = SPICE_MSGC_INPUTS_MOUSE_MOTION;
        std::uint32_t size = 10;
        std::int32_t dx = 0;
        std::int32_t dy = 0;
        std::uint16_t buttons = 0;
    };
    struct [[gnu::packed]] Key {
        std::uint16_t type;
        std::uint32_t size;
        std::uint32_t code;
    };
    template <typename Message>
    void append(const Message& message) {
        std::memcpy(bytes_.data() + used_, &message, sizeof message);
        used_ += sizeof message;
    }

    std::array<std::uint8_t, kEvents * sizeof(Motion)> bytes_{};
    std::size_t used_ = 0;
    Motion motion_;
    bool moved_ = false;
};

} // namespace spicykvm::bench
