// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/seat_policy.h"

#include <gtest/gtest.h>
#include <vector>

namespace spicykvm::core {
namespace {

using Lock = SeatSession::Lock;

constexpr uid_t kMine = 1000;
constexpr uid_t kOther = 1001;

SeatState seat(Lock lock, const char* id = "1", uid_t uid = kMine) {
    SeatState state;
    state.known = true;
    state.session = SeatSession{id, uid, lock};
    return state;
}

SeatState nobody() {
    SeatState state;
    state.known = true;
    return state;
}

/// Every state that differs for the switch.
std::vector<SeatState> all_states() {
    std::vector<SeatState> states;
    std::vector<std::optional<SeatSession>> sessions = {std::nullopt};
    for (const char* id : {"1", "2"}) {
        for (const Lock lock : {Lock::Unknown, Lock::Open, Lock::Locked, Lock::LoginScreen}) {
            for (const auto uid :
                 {std::optional(kMine), std::optional(kOther), std::optional<uid_t>()}) {
                sessions.push_back(SeatSession{id, uid, lock});
            }
        }
    }
    for (const auto& session : sessions) {
        for (const unsigned bits : {0U, 1U, 2U, 3U, 4U, 5U, 6U, 7U}) {
            states.push_back({true, session, (bits & 1U) != 0 ? std::optional(kMine) : std::nullopt,
                              (bits & 2U) != 0, (bits & 4U) != 0});
        }
    }
    states.emplace_back(); // without logind
    return states;
}

// What docs/architecture.md says, in other words than the code.
std::optional<LeaveReason> forbidden(const SeatState& state, WhenLocked when_locked) {
    if (state.shutting_down || state.suspending) {
        return state.shutting_down ? LeaveReason::HostShutdown : LeaveReason::Suspend;
    }
    if (!state.session) {
        return std::nullopt;
    }
    if (state.only_for == kMine && state.session->uid == kOther) {
        return LeaveReason::Session;
    }
    const bool open = state.session->lock == Lock::Open;
    return open || when_locked == WhenLocked::Allow ? std::nullopt
                                                    : std::optional(LeaveReason::Locked);
}

TEST(SeatPolicy, ForbidsAndCallsHomeForTheSameReasonInEveryState) {
    for (const auto when_locked : {WhenLocked::Deny, WhenLocked::Allow}) {
        for (const auto& state : all_states()) {
            SeatPolicy policy;
            EXPECT_EQ(policy.set_when_locked(when_locked), std::nullopt);
            const auto expected = forbidden(state, when_locked);
            EXPECT_EQ(policy.update(state), expected) << policy.obstacle();
            EXPECT_EQ(policy.obstacle().empty(), !expected.has_value()) << policy.obstacle();
            EXPECT_EQ(policy.obstacle().find('\n'), std::string_view::npos);
        }
    }
}

TEST(SeatPolicy, EveryChangeOfTheSessionCallsHome) {
    const auto states = all_states();
    for (const auto when_locked : {WhenLocked::Deny, WhenLocked::Allow}) {
        for (const auto& before : states) {
            for (const auto& after : states) {
                SeatPolicy policy;
                (void)policy.set_when_locked(when_locked);
                (void)policy.update(before);
                const auto reason = policy.update(after);
                const auto id = [](const SeatState& state) {
                    return state.session ? state.session->id : std::string();
                };
                const bool changed = before.known && after.known && id(before) != id(after);
                const auto expected = forbidden(after, when_locked);
                EXPECT_EQ(reason.has_value(), changed || expected.has_value());
                EXPECT_EQ(policy.obstacle().empty(), !expected.has_value());
                if (changed && !after.suspending && !after.shutting_down) {
                    EXPECT_EQ(reason, LeaveReason::Session); // the lock is not what happened
                }
            }
        }
    }
}

TEST(SeatPolicy, PermitsEverythingWithoutLogindAndWithoutALogin) {
    SeatPolicy policy;
    EXPECT_EQ(policy.obstacle(), "");
    EXPECT_EQ(policy.update(nobody()), std::nullopt);
    EXPECT_EQ(policy.obstacle(), "");
}

TEST(SeatPolicy, TheFirstThatIsHeardOfASessionIsNoChange) {
    SeatPolicy policy;
    EXPECT_EQ(policy.update(seat(Lock::Open)), std::nullopt);
    EXPECT_EQ(policy.update(seat(Lock::Open)), std::nullopt);
}

TEST(SeatPolicy, AFreeTerminalIsNobodysSession) {
    SeatPolicy policy;
    (void)policy.update(seat(Lock::Open));
    EXPECT_EQ(policy.update(nobody()), LeaveReason::Session);
    EXPECT_EQ(policy.obstacle(), "")
        << "a hotkey that the administrator has configured works there";
    EXPECT_EQ(policy.update(seat(Lock::Open)), LeaveReason::Session) << "he finds his keyboard";
}

TEST(SeatPolicy, ASessionOfTheSameUserIsAnotherSession) {
    SeatPolicy policy;
    (void)policy.update(seat(Lock::Open, "1"));
    EXPECT_EQ(policy.update(seat(Lock::Open, "2")), LeaveReason::Session);
}

TEST(SeatPolicy, UnlockingPermitsAgainAndBringsNothingBack) {
    SeatPolicy policy;
    EXPECT_EQ(policy.update(seat(Lock::Locked)), LeaveReason::Locked);
    EXPECT_EQ(policy.obstacle(),
              "the host is locked; unlock it first (or set when_locked = \"allow\")");
    EXPECT_EQ(policy.update(seat(Lock::Open)), std::nullopt);
    EXPECT_EQ(policy.obstacle(), "");
}

TEST(SeatPolicy, ALockThatIsAllowedIsOne) {
    SeatPolicy policy;
    EXPECT_EQ(policy.update(seat(Lock::Open)), std::nullopt);
    EXPECT_EQ(policy.set_when_locked(WhenLocked::Allow), std::nullopt);
    EXPECT_EQ(policy.update(seat(Lock::Locked)), std::nullopt);
    EXPECT_EQ(policy.on_lock_request(), std::nullopt);
    EXPECT_EQ(policy.obstacle(), "");
    EXPECT_EQ(policy.set_when_locked(WhenLocked::Deny), LeaveReason::Locked) << "it is read again";
}

TEST(SeatPolicy, ARequestToLockOnlyCallsHome) {
    SeatPolicy policy;
    (void)policy.update(seat(Lock::Open));
    EXPECT_EQ(policy.on_lock_request(), LeaveReason::Locked);
    EXPECT_EQ(policy.obstacle(), "") << "a session without a lock would be shut out for good";
}

TEST(SeatPolicy, SleepEndsWithItsEnd) {
    SeatPolicy policy;
    SeatState state = seat(Lock::Open);
    state.suspending = true;
    EXPECT_EQ(policy.update(state), LeaveReason::Suspend);
    state.session->lock = Lock::Locked;
    EXPECT_EQ(policy.update(state), LeaveReason::Suspend) << "the lock comes on top";
    state.suspending = false;
    EXPECT_EQ(policy.update(state), LeaveReason::Locked);
    state.session->lock = Lock::Open;
    EXPECT_EQ(policy.update(state), std::nullopt);
    EXPECT_EQ(policy.obstacle(), "");
}

} // namespace
} // namespace spicykvm::core
