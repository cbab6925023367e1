// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "session/daemon_port.h"
#include "session/jitter_store.h"
#include "session/sound_channel.h"
#include "session/sound_server.h"
#include "spice/backoff.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spicykvm::session {

/// Keeps the open channels in step with what the daemon offers, and each of them with the place of
/// keyboard and mouse. Loop thread only.
///
///     unknown --offered: ask--> asked for --socket--> open --ended--> waiting
///                                   |    --error---------------------->  |
///                                   <-------------- in time: ask --------'
///
/// No longer offered: closed and forgotten. Offered with other settings: the same, then unknown.
class Channels final : public DaemonObserver {
  public:
    struct Settings {
        Milliseconds retry_min = std::chrono::seconds(1);
        Milliseconds retry_max = std::chrono::seconds(30);
        Milliseconds report_every = std::chrono::seconds(1);
        Milliseconds report_soonest{250}; ///< after the one before
    };

    /// All must outlive this.
    Channels(EventLoop& loop, SoundServer& sound, DaemonPort& daemon, JitterStore& jitter,
             const Settings& settings);
    Channels(EventLoop& loop, SoundServer& sound, DaemonPort& daemon, JitterStore& jitter)
        : Channels(loop, sound, daemon, jitter, Settings()) {}
    Channels(const Channels&) = delete;
    Channels& operator=(const Channels&) = delete;
    /// Closes all, and remembers what was learned.
    ~Channels();

    void on_offers(std::vector<ChannelOffer> offers) override;
    void on_active_target(const std::string& target) override;

  private:
    struct Slot {
        Slot(Channels& channels, ChannelOffer what, std::uint64_t number);
        [[nodiscard]] std::string name() const;

        ChannelOffer offer;
        const std::uint64_t id; ///< for answers that come when this may be gone
        bool is_known = false;  ///< it was asked for
        spice::Backoff backoff;
        Timer retry;
        std::unique_ptr<SoundChannel> channel;
        TimePoint opened_at;
        std::string complaint;             ///< what was logged last; the same is not said again
        std::optional<ChannelReport> told; ///< since it is open
        TimePoint told_at;
    };

    std::unique_ptr<Slot> keep_or_make(const ChannelOffer& offer);
    [[nodiscard]] Slot* find(std::uint64_t id) const noexcept;
    void ask(Slot& slot);
    void on_answer(Slot& slot, Result<Fd> socket);
    void open(Slot& slot, Fd socket);
    void close(Slot& slot);
    void on_ended(Slot& slot, const Error& error);
    void retry_later(Slot& slot, const Error& error);
    void give_gains();
    void tell_state(Slot& slot);
    void tell(Slot& slot, ChannelReport report);
    void tell_within(Milliseconds time);
    void on_report_time();

    EventLoop& loop_;
    SoundServer& sound_;
    DaemonPort& daemon_;
    JitterStore& jitter_;
    const Settings settings_;
    std::string active_;
    std::uint64_t last_id_ = 0;
    std::vector<std::unique_ptr<Slot>> slots_; ///< in the order of the offers
    Timer report_timer_;
    TimePoint report_at_;
    /// Shared with the answers under way, which find it expired when this is gone.
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace spicykvm::session
