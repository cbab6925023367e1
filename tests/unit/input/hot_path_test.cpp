// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "allocations.h"
#include "engine_rig.h"

#include <array>
#include <sys/socket.h>

namespace spicykvm::input::test {
namespace {

/// A guest that sends one byte a message, and allocates as little as a real one.
class PlainGuest final : public core::GuestInput {
  public:
    explicit PlainGuest(Fd fd) : fd_(std::move(fd)) {}

    [[nodiscard]] int fd() const noexcept override { return fd_.get(); }
    void key(core::KeyCode, core::KeyAction) noexcept override { ++queued_; }
    void motion(std::int32_t, std::int32_t, core::ButtonMask) noexcept override { ++queued_; }
    void button(core::Button, bool, core::ButtonMask) noexcept override { ++queued_; }
    Io flush() noexcept override {
        const std::array<char, 256> bytes{};
        if (queued_ > 0) {
            ::send(fd_.get(), bytes.data(), std::min(queued_, bytes.size()), MSG_NOSIGNAL);
            queued_ = 0;
        }
        return Io::Ok;
    }
    [[nodiscard]] bool pending() const noexcept override { return queued_ > 0; }
    Io receive(core::GuestInputObserver& observer) noexcept override {
        char byte = 0;
        while (::recv(fd_.get(), &byte, 1, MSG_DONTWAIT) == 1) {
            observer.on_motion_ack(4);
        }
        return Io::Ok;
    }

  private:
    Fd fd_;
    std::size_t queued_ = 0;
};

class HotPath : public EngineTest {
  protected:
    void SetUp() override {
        EngineTest::SetUp();
        std::array<int, 2> ends{};
        ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()),
                  0);
        server_ = Fd(ends[1]);
        send(command::AddGuest{kTarget, 1},
             Cargo{.node = nullptr,
                   .guest = std::make_unique<PlainGuest>(Fd(ends[0])),
                   .config = nullptr});
        keyboard_ = add_keyboard();
        mouse_ = add_mouse();
    }

    /// Allocations of handling what is there.
    std::size_t allocations_of_a_turn() {
        const std::size_t before = allocations();
        for (int i = 0; i < 4; ++i) {
            engine_->run_once(Milliseconds(0));
        }
        return allocations() - before;
    }

    Fd server_;
    std::shared_ptr<FakeDevice> keyboard_;
    std::shared_ptr<FakeDevice> mouse_;
};

TEST_F(HotPath, TheCounterCounts) {
    const std::size_t before = allocations();
    static std::unique_ptr<int> kept; // the compiler would leave out a local one
    kept = std::make_unique<int>(1);
    EXPECT_EQ(allocations(), before + 1);
}

TEST_F(HotPath, AllocatesNothingForKeysMotionAndAcks) {
    enter();
    mouse_->move(1, 1);
    turn();
    ASSERT_TRUE(mouse_->grabbed());
    for (int round = 0; round < 100; ++round) {
        for (const int code : {KEY_A, KEY_LEFTSHIFT, KEY_RIGHTCTRL, KEY_B}) {
            keyboard_->press(code);
            keyboard_->repeat(code);
        }
        mouse_->move(3, -3);
        mouse_->press(BTN_LEFT);
        mouse_->release(BTN_LEFT);
        for (const int code : {KEY_B, KEY_RIGHTCTRL, KEY_LEFTSHIFT, KEY_A}) {
            keyboard_->release(code);
        }
        ASSERT_EQ(::send(server_.get(), "a", 1, MSG_NOSIGNAL), 1);
        FakeClock::advance(Milliseconds(7));
        renew_lease();
        ASSERT_EQ(allocations_of_a_turn(), 0U);
    }
    EXPECT_TRUE(keyboard_->grabbed());
    EXPECT_GT(link_.metrics.events_read.load(), 1000U);
}

TEST_F(HotPath, AllocatesNothingForHotkeysSwitchesAndOverflows) {
    for (int round = 0; round < 5; ++round) {
        keyboard_->type(KEY_RIGHTCTRL);
        EXPECT_EQ(allocations_of_a_turn(), 0U);
        send(command::Enter{kTarget, 1, FakeClock::now()});
        EXPECT_EQ(allocations_of_a_turn(), 0U) << "grabbing";
        keyboard_->press(KEY_A);
        EXPECT_EQ(allocations_of_a_turn(), 0U);
        keyboard_->overflow();
        // The fake allocates when it is asked for its keys.
        for (int i = 0; i < 4; ++i) {
            engine_->run_once(Milliseconds(0));
        }
        keyboard_->press(KEY_PAUSE);
        EXPECT_EQ(allocations_of_a_turn(), 0U) << "leaving";
        EXPECT_FALSE(keyboard_->grabbed());
        keyboard_->release(KEY_PAUSE);
        keyboard_->release(KEY_A);
        FakeClock::advance(Milliseconds(10));
        EXPECT_EQ(allocations_of_a_turn(), 0U) << "releasing";
        reports_.clear();
        turn();
    }
}

} // namespace
} // namespace spicykvm::input::test
