// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/monitor_job.h"

#include <algorithm>

namespace spicykvm::ddc {

namespace {

/// Another adapter of the same connector may be the one that works.
bool is_of_the_bus(Status status) noexcept {
    return status == Status::OpenFailed || status == Status::EdidUnreadable ||
           status == Status::TransferFailed;
}

bool is_refusal(Status status) noexcept {
    return status == Status::EdidDiffers || status == Status::EdidUnreadable ||
           status == Status::Invalid;
}

} // namespace

MonitorJob::MonitorJob(std::string target, MonitorSettings settings, Side side, TimePoint now)
    : settings_(std::move(settings)), side_(side), started_(now), not_before_(now) {
    result_.target = std::move(target);
    result_.monitor = settings_.name;
    if (side == Side::Guest) {
        not_before_ += settings_.wake_delay;
    }
}

WayHome MonitorJob::way() const noexcept {
    return side_ == Side::Host ? settings_.home.way : WayHome::Ddc;
}

bool MonitorJob::sends() const noexcept {
    return way() == WayHome::Ddc || way() == WayHome::Cable;
}

const MonitorCriteria& MonitorJob::match() const noexcept {
    return way() == WayHome::Cable ? settings_.home.match : settings_.match;
}

const std::optional<Bus>& MonitorJob::bus() const noexcept {
    return way() == WayHome::Cable ? settings_.home.bus : settings_.bus;
}

void MonitorJob::found(Display display) {
    display_ = std::move(display);
    result_.connector = display_.connector;
    if (settings_.set.empty()) {
        end(MonitorOutcome::Skipped, "nothing is configured to be set", started_);
    } else if (display_.buses.empty()) {
        end(MonitorOutcome::Failed, "no I2C bus is known for " + describe(display_), started_);
    }
}

bool MonitorJob::leave_out(const MonitorSettings& other, TimePoint now) {
    std::erase_if(settings_.set, [&](const VcpSetting& mine) {
        return std::ranges::find(other.set, mine.vcp, &VcpSetting::vcp) != other.set.end();
    });
    if (settings_.set.empty()) {
        end(MonitorOutcome::Skipped, "the next target takes it", now);
    }
    return settings_.set.empty();
}

void MonitorJob::end(MonitorOutcome outcome, std::string reason, TimePoint now) {
    result_.outcome = outcome;
    result_.reason = std::move(reason);
    result_.duration = std::chrono::duration_cast<Milliseconds>(now - started_);
    finished_ = true;
}

TimePoint MonitorJob::due(const BusTiming& timing) const {
    // Before the monitor is found, a bus is not known; nothing is due then anyway.
    return display_.buses.empty() ? not_before_
                                  : std::max(not_before_, timing.earliest(display_.buses[bus_]));
}

Request MonitorJob::next_request(TimePoint now) {
    if (!retry_) {
        retry_.emplace(Retry::Kind::Write, settings_.sleep_multiplier, now);
    }
    Request request;
    request.bus = display_.buses[bus_];
    request.unsafe = settings_.unsafe;
    if (!bus() && display_.edid) {
        request.identity =
            display_.edid_unreadable ? IdentityRule::IfReadable : IdentityRule::Required;
        request.edid = display_.edid->block;
    }
    if (position_ == settings_.set.size()) {
        request.operation = Operation::Save;
        return request;
    }
    request.operation = Operation::Set;
    request.vcp = current().vcp;
    request.source = current().source;
    request.value = current().value(side_);
    ++result_.tries;
    return request;
}

void MonitorJob::on_reply(const Result<Reply>& reply, TimePoint now) {
    if (!reply) {
        // Whether it was written is not known, and a bus that hung once would hang again.
        attempted_ = true;
        end(MonitorOutcome::Failed, reply.error().message, now);
        return;
    }
    attempted_ = attempted_ || reply->attempted;
    if (reply->unlocked && reply->attempted) {
        note_ = "without the lock of its bus, which another program holds";
    }
    if (reply->status == Status::Done) {
        on_sent(now);
    } else {
        on_failed(*reply, now);
    }
}

void MonitorJob::on_hook(const Result<void>& result, TimePoint now) {
    if (result) {
        end(MonitorOutcome::Ran, "", now);
    } else {
        end(MonitorOutcome::Failed, result.error().message, now);
    }
}

void MonitorJob::on_sent(TimePoint now) {
    if (position_ == settings_.set.size()) {
        end(MonitorOutcome::Sent, note_, now);
        return;
    }
    ++result_.sets;
    if (++repeated_ < settings_.repeat) {
        retry_.reset();
        not_before_ = now + settings_.repeat_delay;
        return;
    }
    next_set(now);
}

void MonitorJob::on_failed(const Reply& reply, TimePoint now) {
    if (position_ < settings_.set.size() && repeated_ > 0) {
        // It was sent before. Monitors often stop answering once they show another input.
        next_set(now);
        return;
    }
    const std::string reason = explain(reply, display_.buses[bus_]);
    if (const auto again = retry_->again(reply, now)) {
        not_before_ = *again;
        bus_ = is_of_the_bus(reply.status) ? (bus_ + 1) % display_.buses.size() : bus_;
        return;
    }
    if (position_ == settings_.set.size()) {
        end(MonitorOutcome::Sent, "not saved: " + reason, now);
    } else if (is_refusal(reply.status) && !attempted_) {
        end(MonitorOutcome::Refused, reason, now);
    } else {
        end(MonitorOutcome::Failed, reason, now);
    }
}

void MonitorJob::next_set(TimePoint now) {
    ++position_;
    repeated_ = 0;
    retry_.reset();
    not_before_ = now;
    if (position_ == settings_.set.size() && !settings_.save_after) {
        end(MonitorOutcome::Sent, note_, now);
    }
}

} // namespace spicykvm::ddc
