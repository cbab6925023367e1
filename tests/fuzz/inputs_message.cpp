// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Everything a server says on a linked inputs channel.
#include "fuzz/target.h"
#include "spice/inputs_reader.h"

namespace spicykvm::fuzz {

namespace {

class Listener final : public core::GuestInputObserver {
  private:
    void on_motion_ack(unsigned count) noexcept override { require(count == 4); }
    void on_leds(core::LedState) noexcept override {}
};

} // namespace

void run(std::span<const std::uint8_t> input) {
    spice::OutBuffer out(4096);
    Listener listener;
    spice::InputsReader reader(out);
    reader.led_filter().on_press(core::KeyCode{KEY_PAUSE}, TimePoint{});
    (void)reader.feed(input, listener, TimePoint{});
}

} // namespace spicykvm::fuzz
