// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/environment.h"

#include <optional>
#include <string>
#include <vector>

namespace spicykvm::ctl {

/// What `ddc probe` finds out of a monitor that answers.
struct Probe {
    std::optional<Feature> input; ///< none: it answers nonsense when asked for it
    Answer<Capabilities> capabilities;
};

// For people; scripts take --json.
void print_displays(Environment& environment, const std::vector<Display>& displays);
void print_capabilities(Environment& environment, const Capabilities& capabilities);
void print_probe(Environment& environment, const Probe& probe);
/// "0x0f  displayport-1", or "0x32  of 0x64" for a feature whose values have no names.
[[nodiscard]] std::string to_line(const Feature& feature);

} // namespace spicykvm::ctl
