// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace spicykvm::docs {

/// A manual page from its source in docs/man: lines of mdoc, and between them lines that a table of
/// the program stands in for. What a source does not name comes where it says "the others", so
/// that no page lacks anything.
///
///     @options PROGRAM@        the other options          @option PROGRAM --NAME@   one
///     @verbs@                  the other commands         @verb NAME@               one
///     @flags@                  the flags of commands
///     @keys SECTION@           the keys of a table of the configuration file
///     @exits PROGRAM@          exit codes
///     @version@                within any line
///
/// PROGRAM: spicykvmd, spicykvm-session or spicykvmctl. An error names the line.
[[nodiscard]] Result<std::string> fill_page(std::string_view source);

} // namespace spicykvm::docs
