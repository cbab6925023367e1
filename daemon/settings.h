// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "config/config.h"
#include "core/audio_port.h"
#include "core/control_port.h"
#include "input/input_settings.h"
#include "input/metrics.h"
#include "spice/session.h"
#include "targets.h"

#include <string>

namespace spicykvm {

/// What the parts want to know, out of the configuration: no part knows the configuration itself.
[[nodiscard]] input::InputSettings input_settings(const config::Config& config,
                                                  const Targets& targets);
[[nodiscard]] spice::SessionSettings session_settings(const config::Config& config,
                                                      const config::TargetConfig& target);

/// What the configuration says of one direction of sound.
[[nodiscard]] const core::AudioSettings& audio_settings(const config::TargetConfig& target,
                                                        core::AudioKind kind) noexcept;

[[nodiscard]] core::Metrics to_metrics(const input::InputMetrics& input);
/// The reason of the step that failed; empty if none did.
[[nodiscard]] std::string failure_of(const core::SwitchReport& report);

} // namespace spicykvm
