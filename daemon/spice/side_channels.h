// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "base/fd.h"
#include "base/result.h"
#include "spice/channel_opener.h"
#include "spice/channel_type.h"
#include "spice/password.h"

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace spicykvm::spice {

/// Channels of a connection that others than the daemon use: playback and record. A socket is good
/// for one user, so each open() gives a new one; the first may have been linked ahead, while the
/// ticket was good. Main loop only.
class SideChannels {
  public:
    /// Maybe called from inside of open(). Must not destroy this.
    using Callback = std::function<void(Result<Fd>)>;
    using ReadPassword = std::function<Result<Password>()>;

    struct Origin {
        std::uint32_t session;
        Milliseconds timeout; ///< for one channel
    };

    /// `target` must outlive this.
    SideChannels(EventLoop& loop, const ConnectTarget& target, const Origin& origin,
                 ReadPassword read_password);
    SideChannels(const SideChannels&) = delete;
    SideChannels& operator=(const SideChannels&) = delete;
    /// Whoever still waits hears that the connection has ended.
    ~SideChannels();

    /// Links one now, for the next open(). A failure is left for that to find again.
    void link_ahead(ChannelType type);
    /// What was linked ahead is not wanted any more.
    void drop_spare(ChannelType type);
    void open(ChannelType type, Callback callback);

  private:
    class Attempt;
    void start(ChannelType type, Callback callback);
    void finish(const Attempt& attempt, Result<Fd> result);
    [[nodiscard]] Attempt* ahead(ChannelType type) const noexcept;
    [[nodiscard]] Fd take_spare(ChannelType type);

    EventLoop& loop_;
    const ConnectTarget& target_;
    const Origin origin_;
    const ReadPassword read_password_;
    std::map<ChannelType, Fd> spares_; ///< linked, nothing read
    std::vector<std::unique_ptr<Attempt>> attempts_;
};

} // namespace spicykvm::spice
