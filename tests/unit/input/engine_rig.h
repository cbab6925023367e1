// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "fake_clock.h"
#include "fake_device.h"
#include "fake_guest.h"
#include "input/device_match.h"
#include "input/engine.h"

#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spicykvm::input::test {

inline core::Hotkey hotkey(core::Gesture gesture, core::HotkeyAction action,
                           std::initializer_list<int> codes) {
    core::Hotkey result{.gesture = gesture, .action = action, .key_count = 0};
    for (const int code : codes) {
        result.keys[result.key_count++] = core::KeyCode{static_cast<std::uint16_t>(code)};
    }
    return result;
}

/// tap(rightctrl) there and back, press(pause) home.
inline core::HotkeyTable usual_hotkeys() {
    using core::Gesture;
    using core::HotkeyAction;
    return {.hotkeys = {hotkey(Gesture::Tap, HotkeyAction::Toggle, {KEY_RIGHTCTRL}),
                        hotkey(Gesture::Press, HotkeyAction::Home, {KEY_PAUSE})},
            .timing = {}};
}

/// An engine that a test turns by hand, with a clock that stands still: no thread but those that
/// help to ungrab.
class EngineTest : public ::testing::Test {
  protected:
    static constexpr core::TargetId kTarget{0};
    static constexpr core::TargetId kOther{1};

    void SetUp() override { start(usual_hotkeys()); }

    void start(const core::HotkeyTable& hotkeys) {
        engine_.reset();
        engine_ = std::make_unique<Engine>(
            link_, config(hotkeys),
            Engine::Options{.rt_priority = 0, .ungrab_helpers = 2, .now = FakeClock::now});
        renew_lease();
    }

    static std::unique_ptr<ThreadConfig> config(const core::HotkeyTable& hotkeys) {
        auto result = std::make_unique<ThreadConfig>();
        result->hotkeys = hotkeys;
        result->hotkey_codes = hotkeys.codes();
        result->neutral_deadline = Milliseconds(500);
        result->stall_timeout = Milliseconds(5000);
        result->release_deadline = Milliseconds(500);
        result->lease = Milliseconds(1000);
        return result;
    }

    /// As DeviceTable would do, for one physical device each.
    std::shared_ptr<FakeDevice> add(const NodeIdentity& identity, NodePlan plan) {
        auto device = std::make_shared<FakeDevice>(identity, FakeClock::now);
        const core::DeviceSlot slot{static_cast<std::uint8_t>(slots_.size())};
        slots_[device.get()] = slot;
        send(command::AddNode{slot, plan},
             Cargo{.node = device->open(), .guest = nullptr, .config = nullptr});
        turn();
        return device;
    }
    static NodePlan keyboard_plan(std::uint32_t group) {
        return {.keyboard = true,
                .pointer = false,
                .selected = false,
                .listens = true,
                .with_keyboard = true,
                .group = group};
    }
    static NodePlan mouse_plan(std::uint32_t group) {
        return {.keyboard = false,
                .pointer = true,
                .selected = false,
                .listens = false,
                .with_keyboard = false,
                .group = group};
    }
    std::shared_ptr<FakeDevice> add_keyboard(std::uint32_t group = 1) {
        return add(FakeDevice::keyboard("/dev/input/event" + std::to_string(slots_.size())),
                   keyboard_plan(group));
    }
    std::shared_ptr<FakeDevice> add_mouse(std::uint32_t group = 2) {
        return add(FakeDevice::mouse("/dev/input/event" + std::to_string(slots_.size())),
                   mouse_plan(group));
    }
    core::DeviceSlot slot_of(const FakeDevice& device) { return slots_.at(&device); }

    void add_guest(FakeGuest& guest, core::TargetId target = kTarget,
                   std::uint32_t generation = 1) {
        send(command::AddGuest{target, generation},
             Cargo{.node = nullptr, .guest = guest.connect(), .config = nullptr});
        turn();
    }

    void enter(core::TargetId target = kTarget) {
        send(command::Enter{target, ++serial_, FakeClock::now()});
        turn();
    }
    void leave(core::LeaveReason reason = core::LeaveReason::Request) {
        send(command::Leave{reason, FakeClock::now()});
        turn();
    }
    template <typename What>
    void send(What what, Cargo cargo = {}) {
        ASSERT_TRUE(link_.commands.send(Command{std::move(what), std::move(cargo)}));
    }

    /// Handles everything that is there.
    bool turn() {
        bool running = true;
        for (int i = 0; i < 4 && running; ++i) {
            running = engine_->run_once(Milliseconds(0));
        }
        while (auto report = link_.reports.receive()) {
            reports_.push_back(std::move(*report));
        }
        return running;
    }
    /// Lets time pass in small steps, as it does; the main loop lives.
    void pass(Milliseconds time, Milliseconds step = Milliseconds(5)) {
        for (Milliseconds done{0}; done < time; done += step) {
            FakeClock::advance(step);
            renew_lease();
            turn();
        }
    }
    void renew_lease() { link_.lease.store(FakeClock::now().time_since_epoch().count()); }

    /// The newest report of a kind, which is taken out; none: not reported.
    template <typename What>
    std::optional<What> reported() {
        std::optional<What> found;
        std::erase_if(reports_, [&found](const Report& report) {
            const What* what = std::get_if<What>(&report.what);
            if (what != nullptr) {
                found = *what;
            }
            return what != nullptr;
        });
        return found;
    }
    /// The kinds of the reports that came, in order, such as "Left GuestLost".
    std::string kinds() {
        static constexpr const char* kNames[] = {
            "-",         "Entered",  "EnterFailed", "Left",    "Hotkey",
            "GuestLost", "NodeGone", "NodeTrouble", "Started", "Retired"};
        std::string text;
        for (const Report& report : reports_) {
            text += (text.empty() ? "" : " ") + std::string(kNames[report.what.index()]);
        }
        reports_.clear();
        return text;
    }

    using Keys = std::vector<int>;

    ThreadLink link_;
    std::map<const FakeDevice*, core::DeviceSlot> slots_;
    std::vector<Report> reports_;
    std::uint32_t serial_ = 0;
    std::unique_ptr<Engine> engine_;
};

} // namespace spicykvm::input::test
