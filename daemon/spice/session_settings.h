// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "core/guest_port.h"

#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>

namespace spicykvm::spice {

struct SessionSettings {
    std::string name; ///< of the target, for the log
    std::string uri;  ///< spice://host:port, spice+unix:///path or spice+unix://@name
    /// Read anew for each attempt, so that it may change; what it gives is wiped. Empty: no
    /// password.
    std::function<Result<std::string>()> password;

    std::optional<core::Uuid> uuid;       ///< pin: the VM must have it, or no key goes there
    std::string vm_name;                  ///< pin; empty: any
    std::optional<uid_t> peer_uid;        ///< pin: who must own the other end of a unix socket
    bool insecure = false;                ///< plain TCP beyond this host is wanted
    bool keep_connected = false;          ///< connects again by itself after a failure or a loss
    Milliseconds connect_timeout{10'000}; ///< for name, connect, links and identity together
    Milliseconds retry_min{1'000};        ///< before the second attempt; then 2, 5, 15, 60 times it
    Milliseconds retry_max{60'000};
};

} // namespace spicykvm::spice
