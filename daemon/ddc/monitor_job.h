// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "ddc/bus_timing.h"
#include "ddc/messages.h"
#include "ddc/monitor_settings.h"
#include "ddc/retry.h"

#include <cstddef>
#include <optional>
#include <string>

namespace spicykvm::ddc {

enum class MonitorOutcome : std::uint8_t {
    Sent,    ///< every set was; whether the monitor obeyed is not known
    Ran,     ///< its hook did, and says that all is well
    Skipped, ///< nothing to do, or a newer switch came before anything was sent
    Refused, ///< nothing was written, by decision
    Failed,  ///< it may have been written, or not
};

/// How it went with one monitor of one switch.
struct MonitorResult {
    std::string target;
    std::string monitor;
    std::string connector; ///< empty if it was not found, or has none
    MonitorOutcome outcome = MonitorOutcome::Skipped;
    std::string reason; ///< one line for a person; may be empty
    unsigned tries = 0; ///< of sets
    unsigned sets = 0;  ///< that were sent
    Milliseconds duration{0};

    bool operator==(const MonitorResult&) const = default;
};

/// All that is sent to one monitor in one switch: each of its sets, with retries and repeats, then
/// perhaps the save. Pure: the owner sends next_request() when it is due() and gives back the
/// reply.
class MonitorJob {
  public:
    /// `target`: whose monitor it is. `now`: when the switch began.
    MonitorJob(std::string target, MonitorSettings settings, Side side, TimePoint now);

    [[nodiscard]] const std::string& target() const noexcept { return result_.target; }
    [[nodiscard]] const MonitorSettings& settings() const noexcept { return settings_; }
    [[nodiscard]] Side side() const noexcept { return side_; }

    /// What is done: sets are sent (Ddc, Cable), or else.
    [[nodiscard]] WayHome way() const noexcept;
    [[nodiscard]] bool sends() const noexcept;
    /// Whom the sets are for.
    [[nodiscard]] const MonitorCriteria& match() const noexcept;
    [[nodiscard]] const std::optional<Bus>& bus() const noexcept;

    /// Which monitor it is, by whatever cable it is reached: that of the picture, if it is known.
    void set_place(std::string place) { place_ = std::move(place); }
    [[nodiscard]] const std::string& place() const noexcept { return place_; }
    /// Where sets are sent. Called once, before the first next_request().
    void found(Display display);
    /// Does not set what `other` sets, too; true, and the job ends, if that is all.
    bool leave_out(const MonitorSettings& other, TimePoint now);
    /// Ends the job without (or without more) requests.
    void end(MonitorOutcome outcome, std::string reason, TimePoint now);
    [[nodiscard]] bool finished() const noexcept { return finished_; }
    [[nodiscard]] const MonitorResult& result() const noexcept { return result_; }
    /// Whether the monitor may have got any of the sets.
    [[nodiscard]] bool attempted() const noexcept { return attempted_; }

    /// When the next request may be sent. Only while not finished().
    [[nodiscard]] TimePoint due(const BusTiming& timing) const;
    [[nodiscard]] Request next_request(TimePoint now);
    /// A failure means that the helper hung or died.
    void on_reply(const Result<Reply>& reply, TimePoint now);

    /// Its hook runs now, and how it ended.
    void hook_started() noexcept { attempted_ = true; }
    void on_hook(const Result<void>& result, TimePoint now);

  private:
    [[nodiscard]] const VcpSetting& current() const { return settings_.set[position_]; }
    void on_sent(TimePoint now);
    void on_failed(const Reply& reply, TimePoint now);
    void next_set(TimePoint now);

    MonitorSettings settings_;
    Side side_;
    std::string place_;
    Display display_;
    TimePoint started_;
    TimePoint not_before_;
    std::size_t position_ = 0; ///< in settings_.set; past the end: the save
    std::size_t bus_ = 0;      ///< in display_.buses
    unsigned repeated_ = 0;    ///< how often the current set was sent
    std::optional<Retry> retry_;
    bool attempted_ = false;
    bool finished_ = false;
    std::string note_;
    MonitorResult result_;
};

} // namespace spicykvm::ddc
