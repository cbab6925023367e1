// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

namespace spicykvm::input::test {

/// How often this thread has allocated memory so far: through operator new, which the test program
/// replaces; with a sanitizer, which replaces it itself, through anything.
[[nodiscard]] std::size_t allocations() noexcept;

} // namespace spicykvm::input::test
