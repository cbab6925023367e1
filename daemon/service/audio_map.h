// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/audio_port.h"
#include "service/status_map.h"

#include <optional>
#include <string_view>

namespace spicykvm::service {

/// The settings in Channels of org.spicykvm.Audio.xml.
[[nodiscard]] Dictionary describe(const core::AudioChannel& channel);

/// What Report() may tell, of what was told: unknown keys and wrong types are left out, texts are
/// made printable and short.
[[nodiscard]] Dictionary known_audio_state(const Dictionary& told);

[[nodiscard]] std::optional<core::AudioKind> parse_audio_kind(std::string_view word) noexcept;

} // namespace spicykvm::service
