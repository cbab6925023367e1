// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace spicykvm::fuzz {

/// What a fuzz target does with one input. It must return whatever the bytes are; a broken promise
/// of the code under test is an abort() (see require()).
void run(std::span<const std::uint8_t> input);

/// Aborts unless `condition` holds, in every build type.
void require(bool condition);

} // namespace spicykvm::fuzz
