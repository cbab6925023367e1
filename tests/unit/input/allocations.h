// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

namespace spicykvm::input::test {

/// How often this thread has called operator new so far; the test program replaces it.
[[nodiscard]] std::size_t allocations() noexcept;

} // namespace spicykvm::input::test
