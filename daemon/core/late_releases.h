// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "core/event.h"

#include <optional>

namespace spicykvm::core {

/// Which keys to release once more. What is typed while the server does not read, or the network is
/// gone, reaches the guest at once, and a keyboard with a short queue drops what does not fit,
/// whole releases included (QEMU: PS/2 has room for 16 bytes, virtio for 64 events). So all keys
/// whose release was sent since the last acknowledgement are released again, a while after one that
/// came late. A release of a key that is up changes nothing. Buttons need it not: QEMU itself
/// compares their mask, and would not pass a second release on.
class LateReleases {
  public:
    /// An acknowledgement that was owed for longer came late.
    static constexpr Milliseconds kLate{100};
    /// For the guest to take what has come all at once.
    static constexpr Milliseconds kSettle{200};

    void on_press(KeyCode code) noexcept { keys_.reset(raw(code)); }
    void on_release(KeyCode code) noexcept { keys_.set(raw(code)); }
    void on_ack(bool late, TimePoint now) noexcept;

    /// Nothing to release, whatever the next acknowledgement is.
    [[nodiscard]] bool empty() const noexcept { return keys_.none(); }
    /// When take() wants to be called.
    [[nodiscard]] std::optional<TimePoint> due() const noexcept { return due_; }
    void wait_until(TimePoint time) noexcept { due_ = time; }
    /// The next key to release; none: that was all.
    [[nodiscard]] std::optional<KeyCode> take() noexcept;
    void clear() noexcept { *this = LateReleases{}; }

  private:
    KeySet keys_;
    std::optional<TimePoint> due_;
};

} // namespace spicykvm::core
