// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/return_test.h"

#include "ddc/vcp.h"

namespace spicykvm::ddc {

using Verdict = core::ReturnTrial::Verdict;

namespace {

/// The high byte is junk on some monitors.
bool same_input(std::optional<std::uint16_t> a, std::optional<std::uint16_t> b) {
    return a && b && (*a & 0xff) == (*b & 0xff);
}

} // namespace

std::string_view to_string(WayHome way) noexcept {
    switch (way) {
    case WayHome::Ddc:
        return "ddc";
    case WayHome::Cable:
        return "cable";
    case WayHome::Hook:
        return "hook";
    case WayHome::ByHand:
        return "by-hand";
    }
    return "";
}

ReturnTest::ReturnTest(const MonitorSettings& monitor, Milliseconds away)
    : away_(away), configured_(monitor.home.way), ways_{WayHome::Ddc} {
    if (configured_ == WayHome::Cable || configured_ == WayHome::Hook) {
        ways_.push_back(configured_);
    }
}

std::optional<ReturnTest::Action> ReturnTest::next() const {
    switch (stage_) {
    case Stage::ReadHome:
    case Stage::ReadAway:
    case Stage::ReadBack:
        return Read{};
    case Stage::Leave:
        return Move{};
    case Stage::StayAway:
        return Pause{away_};
    case Stage::Return:
        return Move{ways_[way_], false};
    case Stage::Settle:
        return Pause{kSettle};
    case Stage::Rescue:
        return Move{best_way(), true};
    case Stage::Finished:
        break;
    }
    return std::nullopt;
}

WayHome ReturnTest::best_way() const noexcept {
    for (std::size_t i = 0; i < trials_.size(); ++i) {
        if (trials_[i].verdict == Verdict::Works) {
            return ways_[i];
        }
    }
    return configured_ == WayHome::ByHand ? WayHome::Ddc : configured_;
}

void ReturnTest::on_moved(const MonitorResult& result) {
    if (stage_ == Stage::Leave) {
        on_left(result);
    } else if (stage_ == Stage::Return) {
        readings_ = 0;
        if (result.outcome == MonitorOutcome::Sent || result.outcome == MonitorOutcome::Ran) {
            stage_ = Stage::Settle;
        } else {
            conclude(Verdict::Fails, result.reason);
        }
    } else {
        stage_ = Stage::Finished;
    }
}

void ReturnTest::on_left(const MonitorResult& result) {
    if (result.outcome == MonitorOutcome::Sent) {
        may_be_away_ = true;
        stage_ = Stage::StayAway;
        return;
    }
    if (may_be_away_) { // where it may be already, and hear nothing
        stage_ = Stage::StayAway;
        return;
    }
    may_be_away_ = result.outcome == MonitorOutcome::Failed;
    const std::string note = "not tried, because it could not be sent there: " + result.reason;
    while (trials_.size() < ways_.size()) {
        trials_.push_back({std::string(to_string(ways_[trials_.size()])), Verdict::Unknown, note});
    }
    rescue();
}

void ReturnTest::on_paused() {
    stage_ = stage_ == Stage::StayAway ? Stage::ReadAway : Stage::ReadBack;
}

void ReturnTest::on_read(std::optional<std::uint16_t> input) {
    if (stage_ == Stage::ReadHome) {
        home_input_ = input;
        stage_ = Stage::Leave;
    } else if (stage_ == Stage::ReadAway) {
        away_input_ = input;
        stage_ = Stage::Return;
    } else if (!home_input_ || same_input(input, home_input_) || ++readings_ == kReadings) {
        judge(input);
    } else {
        stage_ = Stage::Settle;
    }
}

void ReturnTest::judge(std::optional<std::uint16_t> back) {
    if (!home_input_) {
        conclude(Verdict::Unknown, "done, but the monitor does not tell its input: look at it");
    } else if (!back) {
        conclude(Verdict::Fails, "done, and the monitor does not answer after it");
    } else if (!same_input(back, home_input_)) {
        conclude(Verdict::Fails, "done, and the monitor says " + input_text(*back) +
                                     " after it; at home it said " + input_text(*home_input_));
    } else if (same_input(away_input_, home_input_)) {
        conclude(Verdict::Unknown,
                 "the monitor said " + input_text(*home_input_) +
                     " all the time: it never switched, went back by itself, or does not tell the "
                     "truth");
    } else {
        conclude(Verdict::Works, "the monitor says " + input_text(*back) + " again");
    }
}

void ReturnTest::conclude(Verdict verdict, std::string note) {
    trials_.push_back({std::string(to_string(ways_[way_])), verdict, std::move(note)});
    may_be_away_ = verdict != Verdict::Works;
    if (++way_ < ways_.size()) {
        // Where the way before has failed it is away still, and many hear nothing there.
        stage_ = verdict == Verdict::Fails ? Stage::Return : Stage::Leave;
    } else {
        rescue();
    }
}

void ReturnTest::rescue() {
    stage_ = may_be_away_ ? Stage::Rescue : Stage::Finished;
}

} // namespace spicykvm::ddc
