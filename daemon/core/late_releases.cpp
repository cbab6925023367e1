// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/late_releases.h"

namespace spicykvm::core {

void LateReleases::on_ack(bool late, TimePoint now) noexcept {
    if (due_) {
        return; // what is to be released again stays so
    }
    if (!late) {
        keys_.reset();
    } else if (keys_.any()) {
        due_ = now + kSettle;
    }
}

std::optional<KeyCode> LateReleases::take() noexcept {
    for (std::size_t i = 0; keys_.any() && i < KEY_CNT; ++i) {
        if (keys_.test(i)) {
            keys_.reset(i);
            return KeyCode{static_cast<std::uint16_t>(i)};
        }
    }
    due_.reset();
    return std::nullopt;
}

} // namespace spicykvm::core
