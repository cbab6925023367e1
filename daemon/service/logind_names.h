// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>

// Names of systemd-logind's interface, org.freedesktop.login1(5).
namespace spicykvm::service::login1 {

inline constexpr const char* kName = "org.freedesktop.login1";
inline constexpr const char* kPath = "/org/freedesktop/login1";
inline constexpr const char* kManager = "org.freedesktop.login1.Manager";
inline constexpr const char* kSeat = "org.freedesktop.login1.Seat";
inline constexpr const char* kSession = "org.freedesktop.login1.Session";
inline constexpr const char* kSeatPrefix =
    "/org/freedesktop/login1/seat"; ///< encoded name after it
inline constexpr const char* kSessionPrefix = "/org/freedesktop/login1/session";

/// logind answers from its memory.
inline constexpr std::chrono::seconds kTimeout{5};

} // namespace spicykvm::service::login1
