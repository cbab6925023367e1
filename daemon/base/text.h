// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"

#include <string>
#include <string_view>

namespace spicykvm {

/// Text of a peer or a device, fit for a log line, a terminal and D-Bus: up to the first NUL, at
/// most 255 bytes of well-formed UTF-8, with a '?' for each byte and character that is not
/// printable.
[[nodiscard]] std::string printable(ByteSpan text);
[[nodiscard]] std::string printable(std::string_view text);

} // namespace spicykvm
