// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "config/config.h"
#include "config/diagnostics.h"
#include "config/toml.h"

#include <map>
#include <string>
#include <string_view>

namespace spicykvm::config {

/// A configuration being put together from several files and the command line.
struct Draft {
    Config config;
    Diagnostics diagnostics;
    std::map<std::string, Place> places; ///< where each key that was given stands

    /// Of the key, or else of what it belongs to: "target.win11.uri", "target.win11".
    [[nodiscard]] Place place_of(std::string key) const;
};

inline constexpr std::size_t kMaxFileSize = 1024 * 1024;

/// Reads the text of one file over what is in the draft: keys replace those of earlier files, lists
/// as a whole; a target of a new name is added, one of a known name is changed.
void read_text(Draft& draft, std::string_view file, std::string_view text);

} // namespace spicykvm::config
