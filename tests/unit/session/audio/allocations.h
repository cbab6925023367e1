// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

namespace spicykvm::audio::test {

/// How often this thread has allocated memory so far, in whichever library: through malloc() and
/// its like, which the test program replaces, or hooks if a sanitizer does that already.
[[nodiscard]] std::size_t allocations() noexcept;

} // namespace spicykvm::audio::test
