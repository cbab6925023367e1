// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/led_filter.h"

namespace spicykvm::spice {

void LedFilter::on_press(core::KeyCode key, TimePoint now) noexcept {
    if (key == core::KeyCode{KEY_PAUSE}) {
        pause_ = now;
    } else if (key == core::KeyCode{KEY_SCROLLLOCK}) {
        pause_.reset();
    }
}

std::optional<core::LedState> LedFilter::on_report(core::LedState reported,
                                                   TimePoint now) noexcept {
    core::LedState only_scroll_differs = shown_;
    only_scroll_differs.scroll = !shown_.scroll;
    if (reported == only_scroll_differs && pause_ && now - *pause_ <= kAfterPause) {
        return std::nullopt;
    }
    shown_ = reported;
    return reported;
}

} // namespace spicykvm::spice
