// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/environment.h"

#include <vector>

namespace spicykvm::ctl {

/// The sound channels, and how late their packets are, for people. Nothing for none.
void print_audio(Environment& environment, const std::vector<AudioStream>& streams);

} // namespace spicykvm::ctl
