// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/panic_chord.h"

#include <algorithm>

namespace spicykvm::core {

bool PanicChord::on_key(DeviceSlot device, const Event& event) noexcept {
    const bool was_complete = complete();
    for (std::size_t i = 0; i < kKeys.size(); ++i) {
        if (event.code == kKeys[i]) {
            set(i, device, event.value != 0); // a repeat is as good as a press that was missed
        }
    }
    return complete() && !was_complete;
}

bool PanicChord::on_resync(DeviceSlot device, const KeySet& down) noexcept {
    const bool was_complete = complete();
    for (std::size_t i = 0; i < kKeys.size(); ++i) {
        set(i, device, down.test(kKeys[i]));
    }
    return complete() && !was_complete;
}

void PanicChord::forget(DeviceSlot device) noexcept {
    for (std::size_t i = 0; i < kKeys.size(); ++i) {
        set(i, device, false);
    }
}

bool PanicChord::complete() const noexcept {
    return std::all_of(holders_.begin(), holders_.end(),
                       [](std::uint64_t holders) { return holders != 0; });
}

void PanicChord::set(std::size_t key, DeviceSlot device, bool down) noexcept {
    const std::uint64_t bit = std::uint64_t{1} << index(device);
    holders_[key] = down ? holders_[key] | bit : holders_[key] & ~bit;
}

} // namespace spicykvm::core
