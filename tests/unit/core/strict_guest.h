// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/forwarder.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace spicykvm::core::test {

/// A guest and its server, as strict as can be: what no real keyboard and mouse could do is a
/// failure. It acknowledges every fourth motion, when it is asked to.
class StrictGuest final : public GuestInput {
  public:
    struct Pressed {
        KeyCode code{}; ///< of keys
        Button button{};
        bool is_key = false;
        bool down = false;
        bool operator==(const Pressed&) const = default;
    };

    explicit StrictGuest(const Forwarder& forwarder) : forwarder_(forwarder) {}

    /// Presses and releases in the order of arrival; no repeats, no wheel.
    std::vector<Pressed> log;
    std::int64_t dx = 0;
    std::int64_t dy = 0;

    [[nodiscard]] bool nothing_down() const { return keys_.none() && mask_ == ButtonMask{}; }
    [[nodiscard]] KeySet keys() const { return keys_; }

    /// The motions of one acknowledgement; 0: none is due.
    unsigned take_ack() {
        if (unacknowledged_ < MotionPacer::kBunch) {
            return 0;
        }
        unacknowledged_ -= MotionPacer::kBunch;
        return MotionPacer::kBunch;
    }

    /// To be called after each function of the forwarder.
    void check_nothing_open() const {
        EXPECT_FALSE(must_go_before_something_) << "motion beyond its window, for nothing's sake";
        EXPECT_EQ(turning_, ButtonMask{}) << "a detent was not released";
    }

    [[nodiscard]] int fd() const noexcept override { return -1; }

    void key(KeyCode code, KeyAction action) noexcept override {
        EXPECT_EQ(turning_, ButtonMask{});
        EXPECT_FALSE(must_go_before_button_) << "a key behind more than 8 motions";
        must_go_before_something_ = false;
        if (action == KeyAction::Up && released_.test(raw(code))) {
            released_.reset(raw(code)); // once more, after the server was behind: once
            return;
        }
        EXPECT_EQ(keys_.test(raw(code)), action != KeyAction::Down) << "key " << raw(code);
        keys_.set(raw(code), action != KeyAction::Up);
        released_.set(raw(code), action == KeyAction::Up);
        if (action != KeyAction::Repeat) {
            log.push_back({code, {}, true, action == KeyAction::Down});
        }
    }

    void motion(std::int32_t x, std::int32_t y, ButtonMask held) noexcept override {
        EXPECT_EQ(held, mask_) << "motion would change the buttons";
        EXPECT_EQ(turning_, ButtonMask{}) << "motion would release the wheel";
        const unsigned before = forwarder_.unacknowledged();
        must_go_before_something_ = before >= MotionPacer::kMotionWindow;
        must_go_before_button_ = before >= MotionPacer::kWindow;
        ++unacknowledged_;
        dx += x;
        dy += y;
    }

    void button(Button button, bool down, ButtonMask held) noexcept override {
        must_go_before_something_ = must_go_before_button_ = false;
        mask_.set(button, down);
        EXPECT_EQ(held, mask_) << "button " << static_cast<int>(button);
        if (button == Button::WheelUp || button == Button::WheelDown) {
            EXPECT_NE(turning_.has(button), down);
            turning_.set(button, down);
            return;
        }
        EXPECT_EQ(turning_, ButtonMask{});
        EXPECT_NE(buttons_.has(button), down);
        buttons_.set(button, down);
        log.push_back({{}, button, false, down});
    }

    Io flush() noexcept override { return Io::Ok; }
    [[nodiscard]] bool pending() const noexcept override { return false; }
    Io receive(GuestInputObserver&) noexcept override { return Io::Ok; }

  private:
    const Forwarder& forwarder_;
    KeySet keys_;
    KeySet released_;    ///< was down; one release more may come
    ButtonMask mask_;    ///< buttons and wheel
    ButtonMask buttons_; ///< buttons alone
    ButtonMask turning_; ///< wheel alone
    unsigned unacknowledged_ = 0;
    bool must_go_before_something_ = false; ///< the last motion took the place kept for keys
    bool must_go_before_button_ = false;    ///< the last motion exceeded the window
};

} // namespace spicykvm::core::test
