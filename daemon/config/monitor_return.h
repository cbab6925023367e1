// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "config/config.h"
#include "config/toml.h"

#include <optional>
#include <string>
#include <vector>

namespace spicykvm::config {

/// Which way home a value of `return` is: a word, or a table that has the keys of one way only.
/// InvalidArgument: it is none.
[[nodiscard]] Result<ReturnBy> return_by(const Value& value);

/// A program and its arguments: nothing, unless it is a list of 1 to kMaxWords texts of which the
/// first is an absolute path.
[[nodiscard]] std::optional<std::vector<std::string>> program_words(const Value& value);

} // namespace spicykvm::config
