// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/switch_machine.h"

#include <functional>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

namespace spicykvm::core {
namespace {

using namespace std::chrono_literals;

constexpr TargetId kA{0};
constexpr TargetId kB{1};
const Error kOff{ErrorCode::Unreachable, "connect a: refused"};

/// Input and guests that write down what they are told; the test answers for them.
struct FakePorts final : GuestPort, InputPort, SwitchMachineObserver {
    std::vector<std::string> calls;
    std::uint32_t serial = 0;
    std::vector<SwitchReport> reports;
    unsigned state_changes = 0;

    void connect(TargetId target) override {
        calls.push_back("connect " + std::to_string(index(target)));
    }
    [[nodiscard]] ConnectionState connection(TargetId) const override {
        return ConnectionState::Connected;
    }
    void enter(TargetId target, std::uint32_t number) override {
        serial = number;
        calls.push_back("enter " + std::to_string(index(target)));
    }
    void leave(LeaveReason reason) override {
        calls.push_back("leave " + std::string(to_string(reason)));
    }
    void lend_pointers(bool) override {}
    void on_switch_state() override { ++state_changes; }
    void on_switch_finished(TargetId, const SwitchReport& report) override {
        reports.push_back(report);
    }
};

struct FakeStep final : SwitchStep {
    std::vector<std::string> calls;
    Done done;

    void run(std::optional<TargetId> side, Done callback) override {
        calls.push_back(side ? "guest" : "host");
        done = std::move(callback);
    }
    void cancel() override {
        calls.push_back("cancel");
        done = nullptr;
    }
};

class SwitchMachineTest : public testing::Test {
  protected:
    struct Answer {
        int count = 0;
        Result<SwitchReport> result;
    };

    SwitchMachine::SwitchDone into(Answer& answer) {
        return [&answer](Result<SwitchReport> result) {
            ++answer.count;
            answer.result = std::move(result);
        };
    }
    void connected(TargetId target) { machine.on_guest_connected(target, now); }
    void entered() { machine.on_entered(ports.serial, {.keyboards = 1, .pointers = 1}, now); }
    void left(LeaveReason reason) { machine.on_left({.reason = reason}, now); }
    void go_active(TargetId target) {
        machine.activate(target, now, nullptr);
        connected(target);
        entered();
        ASSERT_EQ(machine.state(), SwitchState::Active);
        ports.calls.clear();
        ports.reports.clear();
    }

    TimePoint now{1s};
    FakePorts ports;
    SwitchMachine machine{ports, ports, ports};
};

TEST_F(SwitchMachineTest, ConnectsThenGrabsThenAnswers) {
    Answer answer;
    machine.activate(kA, now, into(answer));
    EXPECT_EQ(machine.state(), SwitchState::Activating);
    EXPECT_EQ(machine.holder(), std::nullopt);
    connected(kA);
    EXPECT_EQ(answer.count, 0);
    entered();
    EXPECT_EQ(machine.state(), SwitchState::Active);
    EXPECT_EQ(machine.holder(), kA);
    ASSERT_EQ(answer.count, 1);
    ASSERT_TRUE(answer.result);
    EXPECT_EQ(answer.result->left, std::nullopt);
    EXPECT_EQ(ports.calls, (std::vector<std::string>{"connect 0", "enter 0"}));
    ASSERT_EQ(ports.reports.size(), 1U);
    ASSERT_EQ(ports.reports[0].steps.size(), 3U);
    EXPECT_EQ(ports.reports[0].steps[2],
              (StepResult{"input", StepOutcome::Ok, "1 keyboard, 1 pointer"}));
}

TEST_F(SwitchMachineTest, AFailedConnectRollsBackAndSaysWhy) {
    Answer answer;
    machine.activate(kA, now, into(answer));
    machine.on_guest_connect_failed(kA, kOff, now);
    EXPECT_EQ(machine.state(), SwitchState::Inactive);
    ASSERT_EQ(answer.count, 1);
    EXPECT_EQ(answer.result.error(), kOff);
    ASSERT_EQ(ports.reports.size(), 1U);
    EXPECT_EQ(ports.reports[0].left, LeaveReason::Failed);
    EXPECT_EQ(ports.reports[0].steps[0],
              (StepResult{"connect", StepOutcome::Failed, kOff.message}));
    EXPECT_EQ(ports.reports[0].steps[1].outcome, StepOutcome::Skipped);
}

TEST_F(SwitchMachineTest, AWrongVmIsAFailedIdentityStep) {
    machine.activate(kA, now, nullptr);
    machine.on_guest_connect_failed(kA, {ErrorCode::WrongPeer, "another VM"}, now);
    ASSERT_EQ(ports.reports.size(), 1U);
    EXPECT_EQ(ports.reports[0].steps[1],
              (StepResult{"identity", StepOutcome::Failed, "another VM"}));
}

TEST_F(SwitchMachineTest, AFailedGrabRollsBack) {
    Answer answer;
    machine.activate(kA, now, into(answer));
    connected(kA);
    machine.on_enter_failed(ports.serial, {ErrorCode::Busy, "grab: busy"}, now);
    EXPECT_EQ(machine.state(), SwitchState::Inactive);
    ASSERT_EQ(answer.count, 1);
    EXPECT_EQ(answer.result.error().code, ErrorCode::Busy);
}

TEST_F(SwitchMachineTest, ActivatingTheActiveTargetDoesNothing) {
    go_active(kA);
    Answer answer;
    const unsigned changes = ports.state_changes;
    machine.activate(kA, now, into(answer));
    EXPECT_EQ(answer.count, 1);
    EXPECT_TRUE(answer.result.has_value());
    EXPECT_TRUE(ports.calls.empty());
    EXPECT_EQ(ports.state_changes, changes);
}

TEST_F(SwitchMachineTest, DeactivatingWhileInactiveDoesNothing) {
    Answer answer;
    machine.deactivate(LeaveReason::Request, now, into(answer));
    EXPECT_EQ(answer.count, 1);
    EXPECT_TRUE(ports.calls.empty());
    EXPECT_EQ(ports.state_changes, 0U);
}

TEST_F(SwitchMachineTest, TwoRequestsForOneTargetShareTheSwitch) {
    Answer first;
    Answer second;
    machine.activate(kA, now, into(first));
    machine.activate(kA, now, into(second));
    connected(kA);
    entered();
    EXPECT_EQ(first.count, 1);
    EXPECT_EQ(second.count, 1);
    EXPECT_EQ(ports.calls, (std::vector<std::string>{"connect 0", "enter 0"}));
}

TEST_F(SwitchMachineTest, ALaterTargetReplacesOneThatIsStillConnecting) {
    Answer first;
    machine.activate(kA, now, into(first));
    machine.activate(kB, now, nullptr);
    ASSERT_EQ(first.count, 1);
    EXPECT_EQ(first.result.error().code, ErrorCode::Cancelled);
    connected(kA); // too late
    EXPECT_EQ(ports.calls, (std::vector<std::string>{"connect 0", "connect 1"}));
    connected(kB);
    EXPECT_EQ(ports.calls.back(), "enter 1");
}

TEST_F(SwitchMachineTest, ALaterTargetWaitsForAGrabThatIsUnderWay) {
    machine.activate(kA, now, nullptr);
    connected(kA);
    machine.activate(kB, now, nullptr);
    EXPECT_EQ(ports.calls.back(), "leave request");
    entered(); // of the cancelled grab
    EXPECT_EQ(machine.state(), SwitchState::Deactivating);
    left(LeaveReason::Request);
    EXPECT_EQ(ports.calls.back(), "connect 1");
    connected(kB);
    entered();
    EXPECT_EQ(machine.target(), kB);
    EXPECT_EQ(machine.state(), SwitchState::Active);
}

TEST_F(SwitchMachineTest, FromVmToVmKeepsTheOldOneUntilTheNewOneIsConnected) {
    go_active(kA);
    machine.activate(kB, now, nullptr);
    EXPECT_EQ(machine.holder(), kA);
    EXPECT_EQ(ports.calls, (std::vector<std::string>{"connect 1"}));
    connected(kB);
    left(LeaveReason::Request);
    entered();
    EXPECT_EQ(ports.calls, (std::vector<std::string>{"connect 1", "leave request", "enter 1"}));
    EXPECT_EQ(machine.holder(), kB);
}

TEST_F(SwitchMachineTest, AFailedSwitchFromVmToVmStaysOnTheOldOne) {
    go_active(kA);
    machine.activate(kB, now, nullptr);
    machine.on_guest_connect_failed(kB, kOff, now);
    EXPECT_EQ(machine.state(), SwitchState::Active);
    EXPECT_EQ(machine.target(), kA);
}

TEST_F(SwitchMachineTest, CallingHomeWhileConnectingElsewhereCancelsThat) {
    go_active(kA);
    Answer answer;
    machine.activate(kB, now, into(answer));
    left(LeaveReason::PanicChord);
    EXPECT_EQ(machine.state(), SwitchState::Inactive);
    ASSERT_EQ(answer.count, 1);
    EXPECT_EQ(answer.result.error().code, ErrorCode::Cancelled);
    connected(kB);
    EXPECT_EQ(ports.calls, (std::vector<std::string>{"connect 1"}));
}

TEST_F(SwitchMachineTest, LosingTheOldVmDoesNotStopTheWayToTheNewOne) {
    go_active(kA);
    machine.activate(kB, now, nullptr);
    left(LeaveReason::GuestLost);
    EXPECT_EQ(machine.state(), SwitchState::Activating);
    EXPECT_EQ(machine.holder(), std::nullopt);
    connected(kB);
    EXPECT_EQ(ports.calls.back(), "enter 1");
}

TEST_F(SwitchMachineTest, DeactivateAnswersWhenHome) {
    go_active(kA);
    Answer answer;
    machine.deactivate(LeaveReason::Request, now, into(answer));
    EXPECT_EQ(machine.state(), SwitchState::Deactivating);
    EXPECT_EQ(machine.holder(), kA);
    EXPECT_EQ(answer.count, 0);
    left(LeaveReason::Request);
    EXPECT_EQ(machine.state(), SwitchState::Inactive);
    ASSERT_EQ(answer.count, 1);
    EXPECT_EQ(answer.result->left, LeaveReason::Request);
}

TEST_F(SwitchMachineTest, DeactivateWhileConnectingNeedsNoInput) {
    Answer there;
    Answer back;
    machine.activate(kA, now, into(there));
    machine.deactivate(LeaveReason::Request, now, into(back));
    EXPECT_EQ(machine.state(), SwitchState::Inactive);
    EXPECT_EQ(there.result.error().code, ErrorCode::Cancelled);
    EXPECT_TRUE(back.result.has_value());
    connected(kA);
    EXPECT_EQ(ports.calls, (std::vector<std::string>{"connect 0"}));
}

TEST_F(SwitchMachineTest, WhatTheInputThreadDecidesAloneIsFollowed) {
    for (const auto reason :
         {LeaveReason::Hotkey, LeaveReason::PanicChord, LeaveReason::GuestLost,
          LeaveReason::GuestStalled, LeaveReason::NoDevice, LeaveReason::LeaseMissed}) {
        go_active(kA);
        left(reason);
        EXPECT_EQ(machine.state(), SwitchState::Inactive) << to_string(reason);
        ASSERT_EQ(ports.reports.size(), 1U);
        EXPECT_EQ(ports.reports[0].left, reason);
        EXPECT_TRUE(ports.calls.empty()) << "nothing is left to be told to the input thread";
    }
}

TEST_F(SwitchMachineTest, ActivateWhileLeavingStartsAfterwards) {
    go_active(kA);
    machine.deactivate(LeaveReason::Request, now, nullptr);
    Answer answer;
    machine.activate(kB, now, into(answer));
    EXPECT_EQ(ports.calls, (std::vector<std::string>{"leave request"}));
    left(LeaveReason::Request);
    EXPECT_EQ(ports.calls.back(), "connect 1");
    connected(kB);
    entered();
    EXPECT_TRUE(answer.result.has_value());
    EXPECT_EQ(answer.count, 1);
}

TEST_F(SwitchMachineTest, DeactivateTakesBackAnActivateThatWaits) {
    go_active(kA);
    machine.deactivate(LeaveReason::Request, now, nullptr);
    Answer answer;
    machine.activate(kB, now, into(answer));
    machine.deactivate(LeaveReason::Request, now, nullptr);
    EXPECT_EQ(answer.result.error().code, ErrorCode::Cancelled);
    left(LeaveReason::Request);
    EXPECT_EQ(machine.state(), SwitchState::Inactive);
    EXPECT_EQ(ports.calls, (std::vector<std::string>{"leave request"}));
}

TEST_F(SwitchMachineTest, StepsFollowTheInputAndReportWithIt) {
    FakeStep step;
    machine.set_steps({&step});
    Answer answer;
    machine.activate(kA, now, into(answer));
    connected(kA);
    EXPECT_TRUE(step.calls.empty());
    entered();
    EXPECT_EQ(answer.count, 1) << "the answer does not wait for the steps";
    EXPECT_TRUE(ports.reports.empty());
    step.done({{"monitor:left", StepOutcome::Failed, "no reply"}});
    ASSERT_EQ(ports.reports.size(), 1U);
    EXPECT_EQ(ports.reports[0].steps.back(),
              (StepResult{"monitor:left", StepOutcome::Failed, "no reply"}));
    EXPECT_EQ(machine.state(), SwitchState::Active) << "a failed monitor does not undo the switch";
}

TEST_F(SwitchMachineTest, StepsOfTheWayBackKeepTheStateDeactivating) {
    FakeStep step;
    machine.set_steps({&step});
    go_active(kA);
    step.done({});
    Answer answer;
    machine.deactivate(LeaveReason::Request, now, into(answer));
    left(LeaveReason::Request);
    EXPECT_EQ(machine.state(), SwitchState::Deactivating);
    EXPECT_EQ(machine.holder(), std::nullopt);
    EXPECT_EQ(answer.count, 0);
    step.done({});
    EXPECT_EQ(machine.state(), SwitchState::Inactive);
    EXPECT_EQ(answer.count, 1);
    EXPECT_EQ(step.calls, (std::vector<std::string>{"guest", "host"}));
}

TEST_F(SwitchMachineTest, ReversalCancelsTheStepsUnderWay) {
    FakeStep step;
    machine.set_steps({&step});
    go_active(kA);
    machine.deactivate(LeaveReason::Request, now, nullptr);
    EXPECT_EQ(step.calls, (std::vector<std::string>{"guest", "cancel"}));
}

TEST_F(SwitchMachineTest, ReversalDoesNotWaitForTheStepsOfTheWayBack) {
    FakeStep step;
    machine.set_steps({&step});
    go_active(kA);
    step.done({});
    machine.deactivate(LeaveReason::Request, now, nullptr);
    left(LeaveReason::Request);
    machine.activate(kA, now, nullptr);
    EXPECT_EQ(step.calls.back(), "cancel");
    EXPECT_EQ(ports.calls.back(), "connect 0");
    EXPECT_EQ(machine.state(), SwitchState::Activating);
}

TEST_F(SwitchMachineTest, AnAnsweredCallerMayAskForTheNextSwitchAtOnce) {
    machine.activate(kA, now, [this](const Result<SwitchReport>&) {
        machine.deactivate(LeaveReason::Request, now, nullptr);
    });
    connected(kA);
    entered();
    EXPECT_EQ(machine.state(), SwitchState::Deactivating);
    left(LeaveReason::Request);
    EXPECT_EQ(machine.state(), SwitchState::Inactive);
}

/// Whatever comes in whatever order: every caller is answered exactly once, and after a last
/// deactivate with all answers given the machine is Inactive.
TEST_F(SwitchMachineTest, RandomOrdersAnswerEveryoneOnceAndComeHome) {
    for (unsigned seed = 0; seed < 3000; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        FakePorts fake;
        SwitchMachine random_machine(fake, fake, fake);
        FakeStep step;
        random_machine.set_steps({&step});
        std::mt19937 random(seed);
        std::size_t asked = 0;
        std::size_t answered = 0;
        const auto count = [&answered](const Result<SwitchReport>&) { ++answered; };
        // The input thread answers in the order of its commands.
        std::size_t replied = 0;
        const auto reply = [&] {
            while (replied < fake.calls.size()) {
                const std::string call = fake.calls[replied++];
                if (call.starts_with("enter")) {
                    if (random() % 4 == 0) {
                        random_machine.on_enter_failed(fake.serial, kOff, now);
                    } else {
                        random_machine.on_entered(fake.serial, {}, now);
                    }
                    return;
                }
                if (call.starts_with("leave")) {
                    random_machine.on_left({}, now);
                    return;
                }
            }
        };
        for (int i = 0; i < 40; ++i) {
            const TargetId target{static_cast<std::uint16_t>(random() % 3)};
            switch (random() % 7) {
            case 0:
            case 1:
                ++asked;
                random_machine.activate(target, now, count);
                break;
            case 2:
                ++asked;
                random_machine.deactivate(LeaveReason::Request, now, count);
                break;
            case 3:
                random_machine.on_guest_connected(target, now);
                break;
            case 4:
                random_machine.on_guest_connect_failed(target, kOff, now);
                break;
            case 5:
                reply();
                break;
            default:
                if (auto done = std::exchange(step.done, nullptr)) {
                    done({});
                }
            }
        }
        ++asked;
        random_machine.deactivate(LeaveReason::Request, now, count);
        for (int i = 0; i < 100; ++i) {
            reply();
            if (auto done = std::exchange(step.done, nullptr)) {
                done({});
            }
        }
        ASSERT_EQ(random_machine.state(), SwitchState::Inactive);
        ASSERT_EQ(asked, answered);
    }
}

} // namespace
} // namespace spicykvm::core
