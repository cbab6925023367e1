// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Keys, buttons and motion, from the inputs channel to the devices of a real libspice-server.
#include "support/key_bytes.h"
#include "support/session_client.h"
#include "support/spice_server.h"
#include "support/wire.h"

#include <gtest/gtest.h>
#include <limits>

namespace spicykvm {
namespace {

using namespace std::chrono_literals;
using core::Button;
using core::ButtonMask;
using core::KeyAction;
using core::LedState;
using Io = core::GuestInput::Io;
using test::Bytes;
using test::SessionClient;
using test::SpiceServer;
using test::SpiceServerLog;

constexpr core::KeyCode key(unsigned code) {
    return core::KeyCode{static_cast<std::uint16_t>(code)};
}

ButtonMask mask(std::initializer_list<Button> buttons) {
    ButtonMask result;
    for (const Button button : buttons) {
        result.set(button, true);
    }
    return result;
}

class SpiceInput : public testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(client_.connect());
        // The server reports the LEDs once a client has linked inputs.
        ASSERT_TRUE(client_.run_until([&] { return !client_.from_guest().leds.empty(); }));
    }
    core::GuestInput& input() { return client_.input(); }
    void press(unsigned code) { input().key(key(code), KeyAction::Down); }
    void release(unsigned code) { input().key(key(code), KeyAction::Up); }
    void flush() { ASSERT_EQ(input().flush(), Io::Ok); }
    bool arrives(const Bytes& bytes) {
        return server_.wait_for(
            [&](const SpiceServerLog& log) { return log.scancodes.size() >= bytes.size(); });
    }

    SpiceServer server_;
    SessionClient client_{test::client_settings(server_.uri())};
};

TEST_F(SpiceInput, EveryKeyArrivesByteForByte) {
    Bytes expected;
    for (const auto& [code, bytes] : test::kKeyBytes) {
        press(code);
        release(code);
        expected.insert(expected.end(), bytes.begin(), bytes.end());
        expected.insert(expected.end(), bytes.begin(), bytes.end());
        expected.back() |= 0x80;
    }
    flush();
    EXPECT_TRUE(arrives(expected));
    EXPECT_EQ(server_.log().scancodes, expected);
}

TEST_F(SpiceInput, RepeatsAreFurtherPresses) {
    press(KEY_BACKSPACE);
    input().key(key(KEY_BACKSPACE), KeyAction::Repeat);
    input().key(key(KEY_BACKSPACE), KeyAction::Repeat);
    release(KEY_BACKSPACE);
    flush();
    EXPECT_TRUE(arrives({0x0e, 0x0e, 0x0e, 0x8e}));
    EXPECT_EQ(server_.log().scancodes, (Bytes{0x0e, 0x0e, 0x0e, 0x8e}));
}

TEST_F(SpiceInput, EveryButtonIsPressedAndReleased) {
    const Button buttons[] = {Button::Left, Button::Middle, Button::Right, Button::Side,
                              Button::Extra};
    for (const Button button : buttons) {
        input().button(button, true, mask({button}));
        input().button(button, false, {});
    }
    flush();
    ASSERT_TRUE(
        server_.wait_for([](const SpiceServerLog& log) { return log.releases.size() == 5; }));
    const SpiceServerLog log = server_.log();
    ASSERT_EQ(log.motions.size(), 5u);
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_EQ(log.motions[i].held, mask({buttons[i]})) << i;
        EXPECT_EQ(log.releases[i], ButtonMask{}) << i;
    }
}

TEST_F(SpiceInput, ButtonsAreHeldTogether) {
    input().button(Button::Left, true, mask({Button::Left}));
    input().button(Button::Right, true, mask({Button::Left, Button::Right}));
    input().motion(3, 4, mask({Button::Left, Button::Right}));
    input().button(Button::Left, false, mask({Button::Right}));
    flush();
    ASSERT_TRUE(
        server_.wait_for([](const SpiceServerLog& log) { return log.releases.size() == 1; }));
    const SpiceServerLog log = server_.log();
    EXPECT_EQ(log.motions.back().held, mask({Button::Left, Button::Right}));
    EXPECT_EQ(log.held, mask({Button::Right}));
}

TEST_F(SpiceInput, TheWheelTurnsAStepForEachPressAndRelease) {
    for (int i = 0; i < 3; ++i) {
        input().button(Button::WheelUp, true, mask({Button::WheelUp}));
        input().button(Button::WheelUp, false, {});
    }
    input().button(Button::WheelDown, true, mask({Button::WheelDown}));
    input().button(Button::WheelDown, false, {});
    flush();
    ASSERT_TRUE(
        server_.wait_for([](const SpiceServerLog& log) { return log.motions.size() == 4; }));
    EXPECT_EQ(server_.log().wheel, 2);
}

TEST_F(SpiceInput, AMotionWithoutButtonsClearsWhatAnotherClientLeft) {
    input().button(Button::Left, true, mask({Button::Left}));
    flush();
    ASSERT_TRUE(
        server_.wait_for([](const SpiceServerLog& log) { return log.held.has(Button::Left); }));
    SessionClient other(test::client_settings(server_.uri()));
    ASSERT_TRUE(other.connect());
    EXPECT_TRUE(server_.log().held.has(Button::Left)) << "the server does not release buttons";
    other.input().motion(0, 0, {});
    ASSERT_EQ(other.input().flush(), Io::Ok);
    EXPECT_TRUE(
        server_.wait_for([](const SpiceServerLog& log) { return log.held == ButtonMask{}; }));
}

TEST_F(SpiceInput, MotionsArriveWholeAndInOrder) {
    std::int64_t sum = 0;
    for (std::int32_t i = 1; i <= 1000; ++i) {
        const std::int32_t dx = i % 2 == 0 ? i : -3 * i;
        sum += dx;
        input().motion(dx, -dx, {});
    }
    flush();
    ASSERT_TRUE(
        server_.wait_for([](const SpiceServerLog& log) { return log.motions.size() == 1000; }));
    const SpiceServerLog log = server_.log();
    EXPECT_EQ(log.dx, sum);
    EXPECT_EQ(log.dy, -sum);
    EXPECT_EQ(log.motions[0].dx, -3);
    EXPECT_EQ(log.motions[999].dx, 1000);
}

TEST_F(SpiceInput, MotionsOfAnySizeArrive) {
    constexpr std::int32_t kLargest = std::numeric_limits<std::int32_t>::max();
    input().motion(70000, -70000, {});
    input().motion(kLargest, -kLargest, {});
    flush();
    ASSERT_TRUE(
        server_.wait_for([](const SpiceServerLog& log) { return log.motions.size() == 2; }));
    EXPECT_EQ(server_.log().motions[0].dx, 70000);
    EXPECT_EQ(server_.log().motions[1].dy, -kLargest);
}

TEST_F(SpiceInput, FourMotionsAreAcknowledgedTogether) {
    for (int i = 0; i < 43; ++i) {
        input().motion(1, 1, {});
    }
    flush();
    EXPECT_TRUE(client_.run_until([&] { return client_.from_guest().acked == 40; }));
    EXPECT_FALSE(client_.run_until([&] { return client_.from_guest().acked > 40; }, 50ms));
}

TEST_F(SpiceInput, LedsOfTheGuestAreReported) {
    client_.from_guest().leds.clear();
    server_.set_leds({.num = true, .caps = true});
    EXPECT_TRUE(client_.run_until([&] { return client_.from_guest().leds.size() == 1; }));
    server_.set_leds({.scroll = true});
    EXPECT_TRUE(client_.run_until([&] { return client_.from_guest().leds.size() == 2; }));
    EXPECT_EQ(client_.from_guest().leds,
              (std::vector<LedState>{{.num = true, .caps = true}, {.scroll = true}}));
}

TEST_F(SpiceInput, LedsSetBeforeTheLinkAreReportedWithIt) {
    server_.set_leds({.num = true});
    SessionClient other(test::client_settings(server_.uri()));
    ASSERT_TRUE(other.connect());
    ASSERT_TRUE(other.run_until([&] { return !other.from_guest().leds.empty(); }));
    EXPECT_EQ(other.from_guest().leds[0], (LedState{.num = true}));
}

TEST_F(SpiceInput, LockKeysSwitchTheLedsThroughTheGuest) {
    client_.from_guest().leds.clear();
    press(KEY_CAPSLOCK);
    release(KEY_CAPSLOCK);
    flush();
    EXPECT_TRUE(client_.run_until([&] {
        return !client_.from_guest().leds.empty() &&
               client_.from_guest().leds.back() == LedState{.caps = true};
    }));
}

TEST_F(SpiceInput, PauseDoesNotLightScrollLock) {
    client_.from_guest().leds.clear();
    press(KEY_PAUSE);
    release(KEY_PAUSE);
    flush();
    EXPECT_TRUE(arrives({0xe0, 0x46, 0xe0, 0xc6}));
    // The server's false report comes after 2 s.
    EXPECT_FALSE(client_.run_until([&] { return !client_.from_guest().leds.empty(); }, 2300ms));
}

TEST_F(SpiceInput, WhatWasFlushedArrivesThoughTheClientHangsUp) {
    for (int round = 0; round < 20; ++round) {
        server_.forget();
        SessionClient other(test::client_settings(server_.uri()));
        ASSERT_TRUE(other.connect());
        {
            const SpiceServer::Stall stall(server_);
            for (int i = 0; i < 50; ++i) {
                other.input().motion(1, 1, {}); // acks will come, and nobody will read them
            }
            other.input().key(key(KEY_LEFTSHIFT), KeyAction::Up);
            ASSERT_EQ(other.input().flush(), Io::Ok);
            other.drop_input();
        }
        EXPECT_TRUE(arrives({0xaa})) << round;
    }
}

TEST_F(SpiceInput, AServerThatStandsStillTakesNothingAndLosesNothing) {
    {
        const SpiceServer::Stall stall(server_);
        Io io = Io::Ok;
        for (int i = 0; i < 1000; ++i) {
            press(KEY_A);
            release(KEY_A);
            io = input().flush();
        }
        EXPECT_NE(io, Io::Lost);
    }
    EXPECT_TRUE(client_.run_until(
        [&] { return input().flush() == Io::Ok && server_.log().scancodes.size() == 2000; }));
}

TEST_F(SpiceInput, ALostServerIsLost) {
    server_.kick();
    EXPECT_TRUE(client_.run_until([&] { return client_.inputs_lost == 1; }));
}

} // namespace
} // namespace spicykvm
