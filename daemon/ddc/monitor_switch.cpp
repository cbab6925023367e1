// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/monitor_switch.h"

#include <algorithm>

namespace spicykvm::ddc {

namespace {

std::string place_of(const Display& display) {
    return display.connector.empty() && !display.buses.empty()
               ? "i2c-" + std::to_string(static_cast<unsigned>(display.buses.front()))
               : display.connector;
}

/// "switch left by hand to displayport-1".
std::string by_hand(const MonitorSettings& settings) {
    std::string text = "switch " + settings.name + " by hand";
    for (const VcpSetting& set : settings.set) {
        if (set.vcp == VcpCode::InputSource) {
            return text + " to " + input_text(set.host);
        }
    }
    return text + " to the host's input";
}

} // namespace

const TargetMonitors* MonitorSwitch::find_target(const std::string& name) const {
    const auto found = std::ranges::find(targets_, name, &TargetMonitors::target);
    return found == targets_.end() ? nullptr : &*found;
}

void MonitorSwitch::go(const std::string& target, TimePoint now, Done done) {
    end_present(now);
    target_ = target;
    stays_away_ = false;
    plan(now);
    begin(false, now, std::move(done));
}

void MonitorSwitch::go(const Trip& trip, TimePoint now, Done done) {
    end_present(now);
    stays_away_ = trip.stays_away;
    jobs_.clear();
    if (const TargetMonitors* const target = find_target(trip.target)) {
        const auto found =
            std::ranges::find(target->monitors, trip.monitor, &MonitorSettings::name);
        if (found != target->monitors.end()) {
            MonitorSettings settings = *found;
            settings.home.way = trip.home_by.value_or(settings.home.way);
            jobs_.emplace_back(trip.target, settings, trip.home_by ? Side::Host : Side::Guest, now);
        }
    }
    begin(true, now, std::move(done));
}

void MonitorSwitch::end_present(TimePoint now) {
    if (phase_ == Phase::Idle) {
        return;
    }
    for (MonitorJob& job : jobs_) {
        if (!job.finished()) {
            job.end(job.attempted() ? MonitorOutcome::Failed : MonitorOutcome::Skipped,
                    "a newer switch came", now);
        }
    }
    finish();
}

void MonitorSwitch::begin(bool even_if_sent, TimePoint now, Done done) {
    done_ = std::move(done);
    even_if_sent_ = even_if_sent;
    has_sent_ = false;
    scanned_again_ = false;
    newly_away_.clear();
    phase_ = Phase::Waiting;
    begin_at_ = jobs_.empty() ? now : std::max(now, next_switch_at_);
}

void MonitorSwitch::cancel() {
    stop_hooks();
    phase_ = Phase::Idle;
    done_ = nullptr;
    jobs_.clear();
    scan_.reset();
    if (under_way_) {
        under_way_->job.reset();
    }
}

void MonitorSwitch::stop_hooks() {
    if (!hooks_.empty()) {
        hooks_.clear();
        port_.stop_hooks();
    }
}

void MonitorSwitch::plan(TimePoint now) {
    jobs_.clear();
    AwayList known;
    for (const AwayMonitor& away : away_) {
        if (away.target == target_ || plan_home(away, now)) {
            known.push_back(away);
        }
    }
    if (known != away_) {
        away_ = std::move(known);
        port_.save(away_);
    }
    if (const TargetMonitors* const target = find_target(target_)) {
        for (const MonitorSettings& monitor : target->monitors) {
            jobs_.emplace_back(target_, monitor, Side::Guest, now);
        }
    }
}

bool MonitorSwitch::plan_home(const AwayMonitor& away, TimePoint now) {
    if (const TargetMonitors* const target = find_target(away.target)) {
        const auto monitor =
            std::ranges::find(target->monitors, away.monitor, &MonitorSettings::name);
        if (monitor != target->monitors.end()) {
            jobs_.emplace_back(away.target, *monitor, Side::Host, now);
            return true;
        }
    }
    MonitorSettings unknown;
    unknown.name = away.monitor;
    jobs_.emplace_back(away.target, unknown, Side::Host, now)
        .end(MonitorOutcome::Failed,
             "not in the configuration any more: take the monitor's own buttons", now);
    return false;
}

std::optional<TimePoint> MonitorSwitch::wake_at() const {
    if (phase_ == Phase::Idle || under_way_) {
        return std::nullopt;
    }
    if (phase_ != Phase::Sending) {
        return begin_at_;
    }
    std::optional<TimePoint> next;
    for (const MonitorJob& job : jobs_) {
        if (!job.finished() && job.sends()) {
            const TimePoint due = job.due(timing_);
            next = next ? std::min(*next, due) : due;
        }
    }
    return next || !hooks_.empty() ? next : begin_at_; // nothing is left: to finish
}

void MonitorSwitch::on_time(TimePoint now) {
    if (phase_ == Phase::Idle || under_way_ || now < begin_at_) {
        return;
    }
    if (phase_ == Phase::Sending) {
        send_next(now);
        return;
    }
    if (std::ranges::all_of(jobs_, &MonitorJob::finished)) {
        finish();
        return;
    }
    scan(now);
}

void MonitorSwitch::scan(TimePoint now) {
    if (!scan_) {
        std::vector<MonitorCriteria> wanted;
        for (const MonitorJob& job : jobs_) {
            wanted.push_back(job.settings().match);
            wanted.push_back(job.match());
        }
        scan_.emplace(std::move(wanted));
    }
    phase_ = Phase::Scanning;
    if (scan_->finished()) {
        resolve(now);
        return;
    }
    under_way_ = UnderWay{scan_->next(), 1, {}, std::nullopt};
    port_.send(under_way_->request);
}

void MonitorSwitch::resolve(TimePoint now) {
    phase_ = Phase::Sending;
    for (MonitorJob& job : jobs_) {
        if (!job.finished()) {
            resolve(job, now);
        }
    }
    drop_doubles(now);
    for (MonitorJob& job : jobs_) {
        if (!job.finished() && is_commanded(job)) {
            job.end(MonitorOutcome::Skipped, "it was sent before", now);
        }
    }
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
        if (!jobs_[i].finished() && !jobs_[i].sends()) {
            come_home_otherwise(i, now);
        }
        if (jobs_[i].finished()) {
            close(jobs_[i]);
        }
    }
    scan_.reset();
    send_next(now);
}

void MonitorSwitch::resolve(MonitorJob& job, TimePoint now) {
    auto display = locate(job, false);
    if (display) {
        job.set_place(place_of(*display));
    }
    if (!job.sends()) {
        return;
    }
    if (job.way() == WayHome::Cable) {
        display = locate(job, true);
    }
    if (display) {
        job.found(std::move(*display));
    } else {
        job.end(MonitorOutcome::Refused, display.error().message, now);
    }
}

Result<Display> MonitorSwitch::locate(const MonitorJob& job, bool second) {
    const MonitorSettings& settings = job.settings();
    const auto& bus = second ? settings.home.bus : settings.bus;
    auto found = ddc::locate(second ? settings.home.match : settings.match, bus, scan_->displays());
    const auto key = std::tuple(job.target(), settings.name, second);
    if (found && found->edid && !bus) {
        last_seen_[key] = *found;
    }
    const auto seen = last_seen_.find(key);
    if (!found && found.error().code == ErrorCode::NotFound && seen != last_seen_.end()) {
        return seen->second; // its EDID is compared again before anything is written
    }
    return found;
}

void MonitorSwitch::come_home_otherwise(std::size_t position, TimePoint now) {
    MonitorJob& job = jobs_[position];
    // What it will show is not known, so that the next switch has to say it again.
    if (job.place().empty()) {
        commanded_.clear();
    }
    for (const VcpSetting& set : job.settings().set) {
        commanded_.erase({job.place(), set.vcp});
    }
    if (job.way() == WayHome::ByHand) {
        job.end(MonitorOutcome::Skipped, by_hand(job.settings()), now);
        return;
    }
    job.hook_started();
    hooks_.emplace(++hook_serial_, position);
    port_.run_hook(hook_serial_, job);
}

void MonitorSwitch::on_hook(std::uint64_t serial, const Result<void>& result, TimePoint now) {
    const auto node = hooks_.extract(serial);
    if (!node) {
        return;
    }
    MonitorJob& job = jobs_[node.mapped()];
    job.on_hook(result, now);
    close(job);
    if (!under_way_) {
        send_next(now);
    }
}

/// Two targets may have the same monitor: what the new one sets is not sent home before.
void MonitorSwitch::drop_doubles(TimePoint now) {
    for (MonitorJob& home : jobs_) {
        if (home.finished() || home.side() == Side::Guest) {
            continue;
        }
        for (const MonitorJob& other : jobs_) {
            const bool same = !other.finished() && other.side() == Side::Guest &&
                              !home.place().empty() && other.place() == home.place();
            if (same && home.leave_out(other.settings(), now)) {
                (void)set_away({other.target(), other.settings().name},
                               true); // whatever becomes of its sets
                break;
            }
        }
    }
}

bool MonitorSwitch::is_commanded(const MonitorJob& job) const {
    return !even_if_sent_ && job.sends() &&
           std::ranges::all_of(job.settings().set, [&](const VcpSetting& set) {
               const auto last = commanded_.find({job.place(), set.vcp});
               return last != commanded_.end() && last->second == set.value(job.side());
           });
}

void MonitorSwitch::send_next(TimePoint now) {
    std::optional<std::size_t> next;
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
        if (!jobs_[i].finished() && jobs_[i].sends() &&
            (!next || jobs_[i].due(timing_) < jobs_[*next].due(timing_))) {
            next = i;
        }
    }
    if (!next) {
        if (hooks_.empty()) {
            finish();
        }
    } else if (jobs_[*next].due(timing_) <= now) {
        send(*next, now);
    }
}

void MonitorSwitch::send(std::size_t position, TimePoint now) {
    MonitorJob& job = jobs_[position];
    if (job.side() == Side::Guest) {
        const AwayMonitor entry{job.target(), job.settings().name};
        if (set_away(entry, true)) {
            newly_away_.push_back(entry);
        }
    }
    if (!has_sent_) {
        has_sent_ = true;
        next_switch_at_ = now + kMinInterval;
    }
    under_way_ =
        UnderWay{job.next_request(now), job.settings().sleep_multiplier, job.place(), position};
    port_.send(under_way_->request);
}

void MonitorSwitch::on_reply(const Result<Reply>& reply, TimePoint now) {
    if (!under_way_) {
        return;
    }
    const UnderWay sent = std::move(*under_way_);
    under_way_.reset();
    timing_.used(sent.request, sent.slowness, now);
    note_result(sent, reply);
    if (sent.job) {
        MonitorJob& job = jobs_[*sent.job];
        job.on_reply(reply, now);
        if (job.finished()) {
            close(job);
        }
        send_next(now);
        return;
    }
    if (phase_ == Phase::Scanning) {
        on_scanned(reply, now);
    }
}

void MonitorSwitch::on_scanned(const Result<Reply>& reply, TimePoint now) {
    if (reply) {
        scan_->on_reply(*reply);
        scan(now);
    } else if (!std::exchange(scanned_again_, true)) {
        scan_.reset();
        scan(now);
    } else {
        for (MonitorJob& job : jobs_) {
            if (!job.finished() && job.sends()) {
                job.end(MonitorOutcome::Failed, reply.error().message, now);
            }
        }
        resolve(now); // hooks need no helper
    }
}

void MonitorSwitch::note_result(const UnderWay& sent, const Result<Reply>& reply) {
    if (sent.request.operation != Operation::Set) {
        return;
    }
    const std::pair key(sent.place, sent.request.vcp);
    if (reply && reply->status == Status::Done) {
        commanded_[key] = sent.request.value;
    } else if (!reply || reply->attempted) {
        commanded_.erase(key);
    }
}

bool MonitorSwitch::set_away(const AwayMonitor& entry, bool away) {
    const auto found = std::ranges::find(away_, entry);
    if ((found != away_.end()) == away) {
        return false;
    }
    if (away) {
        away_.push_back(entry);
    } else {
        away_.erase(found);
    }
    port_.save(away_);
    return true;
}

/// A monitor is away until a set for the host was sent, or nothing was for the guest.
void MonitorSwitch::close(const MonitorJob& job) {
    const MonitorOutcome outcome = job.result().outcome;
    const bool home = job.side() == Side::Host &&
                      (outcome == MonitorOutcome::Sent || outcome == MonitorOutcome::Ran ||
                       outcome == MonitorOutcome::Skipped);
    const AwayMonitor entry{job.target(), job.settings().name};
    const bool never_left = outcome == MonitorOutcome::Refused &&
                            std::ranges::find(newly_away_, entry) != newly_away_.end();
    if ((home && !stays_away_) || never_left) {
        (void)set_away(entry, false);
    }
}

void MonitorSwitch::finish() {
    std::vector<MonitorResult> results;
    for (const MonitorJob& job : jobs_) {
        results.push_back(job.result());
    }
    const Done done = std::move(done_);
    stop_hooks();
    phase_ = Phase::Idle;
    done_ = nullptr;
    jobs_.clear();
    scan_.reset();
    if (under_way_) {
        under_way_->job.reset();
    }
    if (done) {
        done(std::move(results));
    }
}

} // namespace spicykvm::ddc
