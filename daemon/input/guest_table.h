// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"
#include "core/guest_input.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace spicykvm::input {

/// A connected guest on the input thread.
struct GuestEntry {
    core::TargetId target{};
    std::uint32_t generation = 0;
    std::unique_ptr<core::GuestInput> guest;
    std::optional<core::LedState> leds; ///< as the guest last told; none: it has not yet
    bool waits_for_room = false;        ///< EPOLLOUT is asked for
};

/// All connected guests, also those without keyboard and mouse: their pings want answers.
class GuestTable {
  public:
    /// As many as a configuration may have targets.
    static constexpr std::size_t kMaxGuests = 64;

    [[nodiscard]] GuestEntry& at(std::size_t place) noexcept { return entries_[place]; }
    [[nodiscard]] std::size_t place_of(const GuestEntry& entry) const noexcept {
        return static_cast<std::size_t>(&entry - entries_.data());
    }
    [[nodiscard]] GuestEntry* find(core::TargetId target) noexcept {
        for (GuestEntry& entry : entries_) {
            if (entry.guest && entry.target == target) {
                return &entry;
            }
        }
        return nullptr;
    }
    /// Null if there are too many.
    [[nodiscard]] GuestEntry* find_free() noexcept {
        for (GuestEntry& entry : entries_) {
            if (!entry.guest) {
                return &entry;
            }
        }
        return nullptr;
    }

  private:
    std::array<GuestEntry, kMaxGuests> entries_{};
};

} // namespace spicykvm::input
