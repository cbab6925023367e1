// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/key_ledger.h"

#include "core/hotkey_lookup.h"

namespace spicykvm::core {

namespace {

template <typename Function>
void for_each_code(const KeySet& set, Function function) {
    for (std::size_t i = 0; i < KEY_CNT; ++i) {
        if (set.test(i)) {
            function(KeyCode{static_cast<std::uint16_t>(i)});
        }
    }
}

} // namespace

KeyLedger::Press KeyLedger::press(DeviceSlot device, KeyCode code) noexcept {
    const bool was_unheld = holders_.press(device, code);
    if (!down_.test(raw(code))) {
        down_.set(raw(code));
        return Press::Send;
    }
    if (was_unheld) {
        --owed_;
        return Press::ReleaseAndSend;
    }
    return Press::Nothing;
}

bool KeyLedger::release(DeviceSlot device, KeyCode code) noexcept {
    if (!holders_.release(device, code)) {
        return false;
    }
    down_.reset(raw(code));
    return true;
}

void KeyLedger::release_device(DeviceSlot device) noexcept {
    for_each_code(down_, [&](KeyCode code) {
        if (holders_.release(device, code)) {
            ++owed_;
        }
    });
}

void KeyLedger::release_all() noexcept {
    for_each_code(down_, [&](KeyCode code) { owe(code); });
}

void KeyLedger::release_buttons() noexcept {
    for_each_code(down_, [&](KeyCode code) {
        if (is_button(code)) {
            owe(code);
        }
    });
}

void KeyLedger::owe(KeyCode code) noexcept {
    if (holders_.held(code)) {
        holders_.forget(code);
        ++owed_;
    }
}

template <typename Wanted>
std::optional<KeyCode> KeyLedger::take_owed(Wanted wanted) noexcept {
    for (std::size_t i = 0; owed_ > 0 && i < KEY_CNT; ++i) {
        const KeyCode code{static_cast<std::uint16_t>(i)};
        if (down_.test(i) && !holders_.held(code) && wanted(code)) {
            down_.reset(i);
            --owed_;
            return code;
        }
    }
    return std::nullopt;
}

std::optional<KeyCode> KeyLedger::take_owed_button() noexcept {
    return take_owed([](KeyCode code) { return is_button(code); });
}

std::optional<KeyCode> KeyLedger::take_owed_key() noexcept {
    return take_owed([](KeyCode code) { return !is_button(code); });
}

void KeyLedger::clear() noexcept {
    holders_.clear();
    down_.reset();
    owed_ = 0;
}

} // namespace spicykvm::core
