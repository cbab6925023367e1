// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace spicykvm::service {

/// The bus itself (D-Bus specification, "Message Bus Messages").
inline constexpr const char* kBusDaemon = "org.freedesktop.DBus";
inline constexpr const char* kBusDaemonPath = "/org/freedesktop/DBus";

} // namespace spicykvm::service
