// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace spicykvm::core {

/// Key events that are kept from the guest until it is clear whether they are a hotkey. Bounded.
class WithheldEvents {
  public:
    struct Entry {
        DeviceSlot device{};
        Event event;
    };
    /// A chord withholds at most three presses, a double tap three events. The rest is for the same
    /// key on further keyboards.
    static constexpr std::size_t kCapacity = 16;

    [[nodiscard]] bool full() const noexcept { return size_ == kCapacity; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] const Entry* begin() const noexcept { return entries_.data(); }
    [[nodiscard]] const Entry* end() const noexcept { return entries_.data() + size_; }
    [[nodiscard]] bool contains(KeyCode code) const noexcept {
        return std::any_of(begin(), end(),
                           [code](const Entry& entry) { return entry.event.code == raw(code); });
    }

    /// Not if full().
    void push(DeviceSlot device, const Event& event) noexcept {
        entries_[size_++] = {device, event};
    }
    void drop_first(std::size_t count) noexcept {
        std::copy(begin() + count, end(), entries_.data());
        size_ -= count;
    }
    void clear() noexcept { size_ = 0; }

  private:
    std::array<Entry, kCapacity> entries_{};
    std::size_t size_ = 0;
};

} // namespace spicykvm::core
