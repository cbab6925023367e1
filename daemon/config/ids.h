// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "config/config.h"

#include <optional>
#include <string_view>

namespace spicykvm::config {

/// "c7a5fdbd-edaf-9455-926a-d65c16db1809", in any case.
[[nodiscard]] std::optional<core::Uuid> parse_uuid(std::string_view text) noexcept;
/// "046d:c52b": four hexadecimal digits each.
[[nodiscard]] std::optional<DeviceId> parse_device_id(std::string_view text) noexcept;

} // namespace spicykvm::config
