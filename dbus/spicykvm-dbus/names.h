// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace spicykvm::dbus {

// The names of the bus interface, for the daemon and its clients. The interfaces' own names are in
// the generated classes (INTERFACE_NAME).
inline constexpr const char* kBusName = "org.spicykvm.Manager";
inline constexpr const char* kRootPath = "/org/spicykvm"; ///< ObjectManager
inline constexpr const char* kManagerPath = "/org/spicykvm/Manager";
inline constexpr const char* kMetricsPath = "/org/spicykvm/Metrics";
inline constexpr const char* kTargetPrefix = "/org/spicykvm/target"; ///< for sd_bus_path_encode()
inline constexpr const char* kErrorPrefix = "org.spicykvm.Error.";

inline constexpr const char* kErrorAccessDenied = "org.freedesktop.DBus.Error.AccessDenied";
inline constexpr const char* kErrorInvalidArgs = "org.freedesktop.DBus.Error.InvalidArgs";
inline constexpr const char* kErrorLimitsExceeded = "org.freedesktop.DBus.Error.LimitsExceeded";
inline constexpr const char* kErrorInteractionRequired =
    "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired";

} // namespace spicykvm::dbus
