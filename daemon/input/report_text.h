// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "input/messages.h"

#include <string>
#include <string_view>

namespace spicykvm::input {

/// What the input thread reports in numbers, in words for a person.
[[nodiscard]] Error to_error(const report::EnterFailed& failed);
[[nodiscard]] std::string describe(const report::NodeTrouble& trouble, std::string_view path);
[[nodiscard]] std::string message_of(std::errc error);

} // namespace spicykvm::input
