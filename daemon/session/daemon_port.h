// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "base/result.h"
#include "session/channel_offer.h"
#include "session/channel_report.h"

#include <functional>
#include <string>
#include <vector>

namespace spicykvm::session {

/// The daemon, as the channels use it; see org.spicykvm.Audio. Loop thread only.
class DaemonPort {
  public:
    using Opened = std::function<void(Result<Fd> socket)>;

    /// `opened` is called once, from the loop, never from inside the call; or never, if the daemon
    /// goes away.
    virtual void open_channel(const std::string& target, AudioKind kind, Opened opened) = 0;
    virtual void report(const std::string& target, AudioKind kind, const ChannelReport& report) = 0;

  protected:
    ~DaemonPort() = default;
};

/// What the daemon tells.
class DaemonObserver {
  public:
    /// In the order of the configuration. None, when the daemon is gone.
    virtual void on_offers(std::vector<ChannelOffer> offers) = 0;
    /// The target that keyboard and mouse are in; empty: at home, or on the way.
    virtual void on_active_target(const std::string& target) = 0;

  protected:
    ~DaemonObserver() = default;
};

} // namespace spicykvm::session
