// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "core/guest_input.h"
#include "spice/common_messages.h"
#include "spice/framer.h"
#include "spice/led_filter.h"

namespace spicykvm::spice {

/// The receiving half of an inputs channel: bytes in, calls of the observer and answers out. No
/// socket, no clock, no allocation.
class InputsReader {
  public:
    /// Answers (acks, pongs) go to `out`, which must outlive this.
    explicit InputsReader(OutBuffer& out) noexcept : common_(out) {}

    /// False: the server broke the protocol; the connection is of no more use.
    [[nodiscard]] bool feed(ByteSpan bytes, core::GuestInputObserver& observer,
                            TimePoint now) noexcept;

    /// Must be told of presses of Pause and Scroll Lock.
    LedFilter& led_filter() noexcept { return leds_; }

  private:
    bool take(const Framer::Message& message, core::GuestInputObserver& observer,
              TimePoint now) noexcept;

    Framer framer_;
    CommonMessages common_;
    LedFilter leds_;
};

} // namespace spicykvm::spice
