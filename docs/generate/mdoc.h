// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// mdoc(7), the language of the manual pages, from the programs' tables.
#pragma once

#include "base/option_text.h"
#include "config/keys.h"
#include "ctl/verbs.h"

#include <span>
#include <string>
#include <string_view>

namespace spicykvm::docs {

/// Text with `code` in it, as lines of mdoc: a sentence each, nothing in it taken for a macro.
[[nodiscard]] std::string mdoc_text(std::string_view text);

// One entry of a list, `.It` and what is said about it.
[[nodiscard]] std::string mdoc_item(const OptionText& option);
[[nodiscard]] std::string mdoc_item(const ctl::Verb& verb);
[[nodiscard]] std::string mdoc_item(const ctl::Flag& flag);
[[nodiscard]] std::string mdoc_item(const config::KeySpec& key);
[[nodiscard]] std::string mdoc_item(const ExitText& exit);

} // namespace spicykvm::docs
