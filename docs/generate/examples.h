// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "config/keys.h"

#include <span>
#include <string_view>

namespace spicykvm::docs {

/// What one would write for a key that has no default.
struct Example {
    std::string_view section;
    std::string_view name;
    std::string_view value;      ///< TOML
    bool is_alternative = false; ///< not together with the others of its table
};

[[nodiscard]] std::span<const Example> examples() noexcept;

/// Null: the key has a default, or is a table whose keys have a chapter of their own.
[[nodiscard]] const Example* example_of(const config::KeySpec& key) noexcept;

} // namespace spicykvm::docs
