// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Sessions, locks and sleep in any order with requests for a switch, at any speed of the threads:
// what the host forbids is never so, and nothing comes back that nobody asked for since.
#include "core/seat_policy.h"
#include "core/switch_machine.h"

#include <deque>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <utility>

namespace spicykvm::core {
namespace {

using namespace std::chrono_literals;

/// A switch with an input thread that takes its time, and does what it is told in order.
class World final : GuestPort, InputPort, SwitchMachineObserver {
  public:
    explicit World(unsigned seed) : random_(seed) {}

    void step() {
        now_ += 1ms;
        switch (pick(8)) {
        case 0:
            return request();
        case 1:
            return change_seat();
        case 2:
            return come_home(
                policy_.set_when_locked(pick(2) == 0 ? WhenLocked::Deny : WhenLocked::Allow));
        case 3:
            return come_home(policy_.on_lock_request());
        case 4:
            return answer_connect();
        default:
            return let_input_thread_work();
        }
    }

    void check() const {
        if (!policy_.obstacle().empty()) {
            ASSERT_FALSE(will_be_grabbed()) << policy_.obstacle();
        }
        if (!asked_since_) {
            ASSERT_FALSE(will_be_grabbed()) << "nobody asked for it since it was called home";
        }
    }

    /// For the test to know that it tested anything.
    [[nodiscard]] unsigned grabs() const noexcept { return grabs_; }

  private:
    struct Command {
        bool enter;
        std::uint32_t serial;
        LeaveReason reason;
    };

    unsigned pick(unsigned below) {
        return std::uniform_int_distribution<unsigned>(0, below - 1)(random_);
    }

    void request() {
        if (policy_.obstacle().empty()) {
            asked_since_ = true;
            machine_.activate(TargetId{static_cast<std::uint16_t>(pick(2))}, now_, nullptr);
        }
    }

    void change_seat() {
        using Lock = SeatSession::Lock;
        constexpr Lock kLocks[] = {Lock::Unknown, Lock::Open, Lock::Open, Lock::Open, Lock::Locked};
        const SeatState before = std::exchange(seat_.known, true) ? seat_ : SeatState{};
        switch (pick(5)) {
        case 0:
            seat_.suspending = !seat_.suspending;
            break;
        case 1:
            seat_.shutting_down = !seat_.shutting_down && pick(4) == 0;
            break;
        case 2:
            seat_.session.reset();
            break;
        default:
            seat_.session = SeatSession{std::to_string(pick(2)), 1000, kLocks[pick(5)]};
        }
        come_home(policy_.update(seat_));
        const auto id = [](const SeatState& state) {
            return state.session ? state.session->id : std::string();
        };
        if (before.known && id(before) != id(seat_)) {
            asked_since_ = false; // whatever the policy says
        }
    }

    void come_home(std::optional<LeaveReason> reason) {
        if (reason) {
            asked_since_ = false;
            machine_.deactivate(*reason, now_, nullptr);
        }
    }

    void answer_connect() {
        if (connecting_) {
            machine_.on_guest_connected(*std::exchange(connecting_, std::nullopt), now_);
        }
    }

    void let_input_thread_work() {
        if (commands_.empty()) {
            return;
        }
        const Command command = commands_.front();
        commands_.pop_front();
        grabbed_ = command.enter;
        if (command.enter) {
            ++grabs_;
            machine_.on_entered(command.serial, {.keyboards = 1}, now_);
        } else {
            machine_.on_left({.reason = command.reason}, now_);
        }
    }

    /// Once the input thread has done all that it was told.
    [[nodiscard]] bool will_be_grabbed() const {
        return commands_.empty() ? grabbed_ : commands_.back().enter;
    }

    void connect(TargetId target) override { connecting_ = target; }
    [[nodiscard]] ConnectionState connection(TargetId) const override {
        return ConnectionState::Connected;
    }
    void enter(TargetId, std::uint32_t serial) override { commands_.push_back({true, serial, {}}); }
    void leave(LeaveReason reason) override { commands_.push_back({false, 0, reason}); }
    void lend_pointers(bool) override {}
    void on_switch_state() override {}
    void on_switch_finished(TargetId, const SwitchReport&) override {}

    std::mt19937 random_;
    TimePoint now_{1s};
    SeatState seat_;
    SeatPolicy policy_;
    std::deque<Command> commands_;
    std::optional<TargetId> connecting_;
    bool grabbed_ = false;
    bool asked_since_ = false;
    unsigned grabs_ = 0;
    SwitchMachine machine_{*this, *this, *this};
};

TEST(SeatProperty, NothingIsGrabbedThatTheHostForbidsOrNobodyAskedFor) {
    unsigned grabs = 0;
    for (unsigned seed = 0; seed < 200; ++seed) {
        World world(seed);
        for (int i = 0; i < 1000; ++i) {
            world.step();
            ASSERT_NO_FATAL_FAILURE(world.check()) << "seed " << seed << ", step " << i;
        }
        grabs += world.grabs();
    }
    EXPECT_GT(grabs, 1000U);
}

} // namespace
} // namespace spicykvm::core
