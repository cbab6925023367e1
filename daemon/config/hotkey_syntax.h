// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "core/hotkey.h"

#include <string>
#include <string_view>

namespace spicykvm::config {

/// A key or button by its name: that of <linux/input-event-codes.h> with or without KEY_ or BTN_,
/// in any case, or one of a few common names such as "rightwin", "altgr", "escape".
[[nodiscard]] Result<core::KeyCode> parse_key(std::string_view name);
/// Lower case, without KEY_ (buttons keep "btn_"): what parse_key() reads back.
[[nodiscard]] std::string key_name(core::KeyCode code);

/// `tap(KEY)`, `double(KEY)`, `hold(KEY)`, `press(KEY)`, `release(KEY)`, or a chord `KEY+KEY[+...]`
/// of 2 to Hotkey::kMaxKeys different keys. Action and target of the result are not set.
[[nodiscard]] Result<core::Hotkey> parse_hotkey(std::string_view text);
/// The text that parse_hotkey() reads back.
[[nodiscard]] std::string to_text(const core::Hotkey& hotkey);
/// The same gesture of the same keys; in a chord their order does not count.
[[nodiscard]] bool same_gesture(const core::Hotkey& a, const core::Hotkey& b) noexcept;

} // namespace spicykvm::config
