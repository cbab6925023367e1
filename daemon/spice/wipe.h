// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstring>
#include <string>
#include <type_traits>

namespace spicykvm::spice {

/// Overwrites a secret for good; the compiler may not leave it out.
template <typename T>
void wipe(T& secret) noexcept {
    static_assert(std::is_trivially_copyable_v<T>);
    ::explicit_bzero(&secret, sizeof secret);
}

inline void wipe(std::string& secret) noexcept {
    // With all its capacity: a string that shrank keeps what it had.
    secret.resize(secret.capacity());
    ::explicit_bzero(secret.data(), secret.size());
    secret.clear();
}

} // namespace spicykvm::spice
