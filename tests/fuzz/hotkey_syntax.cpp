// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// One hotkey as text.
#include "config/hotkey_syntax.h"

#include "fuzz/target.h"

#include <algorithm>

namespace spicykvm::fuzz {

void run(std::span<const std::uint8_t> input) {
    const std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
    const auto hotkey = config::parse_hotkey(text);
    if (!hotkey) {
        const std::string& message = hotkey.error().message;
        require(!message.empty() && message.size() < 400);
        require(std::none_of(message.begin(), message.end(),
                             [](unsigned char c) { return c < 0x20 || c == 0x7f; }));
        return;
    }
    require(hotkey->key_count >= 1 && hotkey->key_count <= core::Hotkey::kMaxKeys);
    const auto again = config::parse_hotkey(config::to_text(*hotkey));
    require(again && *again == *hotkey);
}

} // namespace spicykvm::fuzz
