// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ddc/away_list.h"
#include "ddc/bus_timing.h"
#include "ddc/display_scan.h"
#include "ddc/monitor_job.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace spicykvm::ddc {

/// What a MonitorSwitch needs done.
class MonitorSwitchPort {
  public:
    /// Answered once by on_reply(), not from inside the call; at most one is under way.
    virtual void send(const Request& request) = 0;
    /// Runs the hook that brings the monitor of `job` home. Answered once by on_hook(), not from
    /// inside the call, unless stop_hooks() comes first.
    virtual void run_hook(std::uint64_t serial, const MonitorJob& job) = 0;
    virtual void stop_hooks() = 0;
    /// Keeps the list where a crash does not reach it, before the call returns.
    virtual void save(const AwayList& away) = 0;

  protected:
    ~MonitorSwitchPort() = default;
};

/// The way of one monitor alone, for a test of it.
struct Trip {
    std::string target;
    std::string monitor;
    std::optional<WayHome> home_by; ///< nothing: to the guest
    bool stays_away = false;        ///< it counts as away until came_home()
};

/// Decides what is sent to which monitor when the switch goes to a target or home. Pure: time comes
/// by argument, requests go out through the port, one at a time, because parallel use of buses has
/// hung graphics drivers. Hooks run beside them.
///
/// | phase    | begins with       | ends with                                        |
/// |----------|-------------------|--------------------------------------------------|
/// | idle     | results are given | go()                                             |
/// | waiting  | go()              | the last switch was a second ago, nothing is sent |
/// | scanning | the first request | the scan is finished                             |
/// | sending  | monitors are found | every job is finished                            |
///
/// go() and cancel() are possible in every phase. A cancelled request that is under way is waited
/// for.
class MonitorSwitch {
  public:
    using Done = std::function<void(std::vector<MonitorResult>)>;

    /// `timing`: shared with all who use the buses; must outlive it.
    MonitorSwitch(MonitorSwitchPort& port, BusTiming& timing) : port_(port), timing_(timing) {}

    /// Holds from the next go().
    void configure(std::vector<TargetMonitors> targets) { targets_ = std::move(targets); }
    /// What a run before this one has left away; then go("") brings it home.
    void restore(AwayList away) { away_ = std::move(away); }
    [[nodiscard]] const AwayList& away() const noexcept { return away_; }

    /// Monitors of `target` to the guest, others that are away to the host; "": all to the host. A
    /// switch that is under way ends first, with what it has. `done` gets one result per monitor,
    /// from on_time() or on_reply(), never from inside.
    void go(const std::string& target, TimePoint now, Done done);
    /// As go(), for one monitor alone; its values are sent even if they were sent before. No
    /// result: it is not configured.
    void go(const Trip& trip, TimePoint now, Done done);
    /// The monitor was seen at home.
    void came_home(const AwayMonitor& monitor) { (void)set_away(monitor, false); }
    /// Somebody else has written to monitors: the next switch sends even what was sent before.
    void forget_values() { commanded_.clear(); }
    [[nodiscard]] bool idle() const noexcept { return phase_ == Phase::Idle; }
    /// Stops what is under way, retries included; its `done` is forgotten.
    void cancel();

    /// When on_time() wants to be called; nothing: it waits for a reply or a go().
    [[nodiscard]] std::optional<TimePoint> wake_at() const;
    void on_time(TimePoint now);
    void on_reply(const Result<Reply>& reply, TimePoint now);
    void on_hook(std::uint64_t serial, const Result<void>& result, TimePoint now);

    /// Between the first sets of two switches: monitors may store each of them in a memory that
    /// wears.
    static constexpr Milliseconds kMinInterval{1000};

  private:
    enum class Phase : std::uint8_t { Idle, Waiting, Scanning, Sending };
    struct UnderWay {
        Request request;
        unsigned slowness = 1;
        std::string place;              ///< of a set: see commanded_
        std::optional<std::size_t> job; ///< none: of the scan, or cancelled
    };

    void end_present(TimePoint now);
    void begin(bool even_if_sent, TimePoint now, Done done);
    void plan(TimePoint now);
    /// False: it is not configured any more, which is reported once.
    bool plan_home(const AwayMonitor& away, TimePoint now);
    void stop_hooks();
    void scan(TimePoint now);
    void resolve(TimePoint now);
    void resolve(MonitorJob& job, TimePoint now);
    /// The picture's cable, or the second one.
    [[nodiscard]] Result<Display> locate(const MonitorJob& job, bool second);
    void come_home_otherwise(std::size_t job, TimePoint now);
    void drop_doubles(TimePoint now);
    [[nodiscard]] bool is_commanded(const MonitorJob& job) const;
    void send_next(TimePoint now);
    void send(std::size_t job, TimePoint now);
    void note_result(const UnderWay& sent, const Result<Reply>& reply);
    bool set_away(const AwayMonitor& monitor, bool away); ///< whether that is a change
    void on_scanned(const Result<Reply>& reply, TimePoint now);
    void close(const MonitorJob& job);
    void finish();
    [[nodiscard]] const TargetMonitors* find_target(const std::string& name) const;

    MonitorSwitchPort& port_;
    std::vector<TargetMonitors> targets_;
    AwayList away_;
    BusTiming& timing_;
    /// (connector or bus, feature): what was sent last, if that is known.
    std::map<std::pair<std::string, VcpCode>, std::uint16_t> commanded_;
    /// Where each cable of a monitor was found last: one that shows another input may look
    /// unplugged.
    std::map<std::tuple<std::string, std::string, bool>, Display> last_seen_;

    Phase phase_ = Phase::Idle;
    std::string target_;
    Done done_;
    TimePoint begin_at_;
    TimePoint next_switch_at_;
    bool has_sent_ = false;     ///< a set, in this switch
    bool even_if_sent_ = false; ///< sets that were sent are sent again
    bool stays_away_ = false;   ///< as of a Trip
    std::vector<MonitorJob> jobs_;
    AwayList newly_away_; ///< by this switch
    std::optional<DisplayScan> scan_;
    bool scanned_again_ = false;
    std::optional<UnderWay> under_way_;
    std::map<std::uint64_t, std::size_t> hooks_; ///< that run, and their jobs
    std::uint64_t hook_serial_ = 0;
};

} // namespace spicykvm::ddc
