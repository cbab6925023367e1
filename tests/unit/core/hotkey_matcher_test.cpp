// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/hotkey_matcher.h"

#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

// What a key script can't say: who calls whom, and when. The gestures themselves are in
// tests/data/keys.

namespace spicykvm::core {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr DeviceSlot kKeyboard{0};
constexpr KeyCode kCtrl{KEY_RIGHTCTRL};
constexpr KeyCode kMeta{KEY_LEFTMETA};
constexpr KeyCode kA{KEY_A};

class Sink final : public HotkeySink {
  public:
    std::vector<std::string> calls;
    std::function<void()> on_hotkey = [] {};

    void on_pass(DeviceSlot device, const Event& event) noexcept override {
        calls.push_back(std::to_string(index(device)) + ":" + std::to_string(event.code) + "=" +
                        std::to_string(event.value));
    }
    void on_fire(const Hotkey& hotkey, bool begin) noexcept override {
        calls.push_back((begin ? "fire " : "end ") +
                        std::to_string(static_cast<int>(hotkey.gesture)));
        on_hotkey();
    }
    void on_watch(DeviceSlot, bool all) noexcept override {
        calls.emplace_back(all ? "watch" : "unwatch");
    }
    std::vector<std::string> take() { return std::exchange(calls, {}); }
};

std::string pass(KeyCode code, int value, unsigned device = 0) {
    return std::to_string(device) + ":" + std::to_string(raw(code)) + "=" + std::to_string(value);
}
std::string fire(Gesture gesture) {
    return "fire " + std::to_string(static_cast<int>(gesture));
}
std::string end(Gesture gesture) {
    return "end " + std::to_string(static_cast<int>(gesture));
}

class HotkeyMatcherTest : public testing::Test {
  protected:
    void use(std::vector<Hotkey> hotkeys) {
        table.hotkeys = std::move(hotkeys);
        matcher.set_hotkeys(table);
    }
    void key(int ms, KeyCode code, int value, DeviceSlot device = kKeyboard) {
        matcher.on_key(device, Event{at(ms), EV_KEY, raw(code), value});
    }
    static TimePoint at(int ms) { return TimePoint{Milliseconds{ms}}; }
    static Hotkey on(Gesture gesture, HotkeyAction action = HotkeyAction::Toggle) {
        return {.gesture = gesture, .action = action, .keys = {kCtrl}};
    }

    Sink sink;
    HotkeyTable table;
    HotkeyMatcher matcher{sink};
};

TEST_F(HotkeyMatcherTest, HasNoDeadlineWhenNothingIsUndecided) {
    use({on(Gesture::Tap), on(Gesture::Hold)});
    matcher.enter(TargetId{0});
    EXPECT_EQ(matcher.deadline(), std::nullopt);
    key(100, kCtrl, 1);
    EXPECT_EQ(matcher.deadline(), at(350));
    matcher.on_deadline(at(349));
    EXPECT_THAT(sink.take(), IsEmpty());
    matcher.on_deadline(at(350));
    EXPECT_THAT(sink.take(), ElementsAre(fire(Gesture::Hold)));
    EXPECT_EQ(matcher.deadline(), std::nullopt) << "a hold waits for its release alone";
}

TEST_F(HotkeyMatcherTest, TheTimeOfTheEventDecidesAndNotThatOfItsReading) {
    use({on(Gesture::Tap)});
    matcher.enter(TargetId{0});
    key(0, kCtrl, 1);
    key(249, kCtrl, 0); // read late, but on_deadline() was not called before
    EXPECT_THAT(sink.take(), ElementsAre(fire(Gesture::Tap)));
    key(1000, kCtrl, 1);
    key(1251, kA, 1); // the timer is late: held down first, then the other key
    EXPECT_THAT(sink.take(), ElementsAre(pass(kCtrl, 1), pass(kA, 1)));
}

TEST_F(HotkeyMatcherTest, AWithheldQueueThatIsFullIsReplayedInOrder) {
    use({on(Gesture::Tap)});
    matcher.enter(TargetId{0});
    std::vector<std::string> expected;
    key(0, kCtrl, 1);
    expected.push_back(pass(kCtrl, 1));
    for (unsigned i = 1; i <= WithheldEvents::kCapacity; ++i) {
        EXPECT_THAT(sink.calls, IsEmpty());
        key(static_cast<int>(i), kCtrl, 1, DeviceSlot{static_cast<std::uint8_t>(i)});
        expected.push_back(pass(kCtrl, 1, i));
    }
    EXPECT_EQ(sink.take(), expected);
    key(20, kCtrl, 0, DeviceSlot{1});
    EXPECT_THAT(sink.take(), ElementsAre(pass(kCtrl, 0, 1)));
}

TEST_F(HotkeyMatcherTest, NewHotkeysReplayWhatIsWithheldAndEndAHold) {
    use({on(Gesture::Tap)});
    matcher.enter(TargetId{0});
    key(0, kCtrl, 1);
    HotkeyTable other;
    matcher.set_hotkeys(other);
    EXPECT_THAT(sink.take(), ElementsAre(pass(kCtrl, 1)));
    key(10, kCtrl, 0);
    EXPECT_THAT(sink.take(), ElementsAre(pass(kCtrl, 0)));

    use({on(Gesture::Hold)});
    key(1000, kCtrl, 1);
    matcher.on_deadline(at(1250));
    matcher.set_hotkeys(other);
    EXPECT_THAT(sink.take(), ElementsAre(fire(Gesture::Hold), end(Gesture::Hold)));
    key(1300, kCtrl, 0);
    EXPECT_THAT(sink.take(), IsEmpty()) << "swallowed to the end";
}

TEST_F(HotkeyMatcherTest, NewHotkeysDisarmARelease) {
    use({on(Gesture::Release)});
    matcher.enter(TargetId{0});
    key(0, kCtrl, 1);
    matcher.set_hotkeys(table);
    key(10, kCtrl, 0);
    EXPECT_THAT(sink.take(), IsEmpty());
    key(20, kCtrl, 1);
    key(30, kCtrl, 0);
    EXPECT_THAT(sink.take(), ElementsAre(fire(Gesture::Release)));
}

TEST_F(HotkeyMatcherTest, EnteringEndsTheWatchWithoutACallAndKeepsTheHold) {
    use({on(Gesture::Tap), on(Gesture::Hold, HotkeyAction::Borrow)});
    key(0, kCtrl, 1);
    matcher.enter(TargetId{0});
    EXPECT_THAT(sink.take(), ElementsAre("watch"));
    EXPECT_EQ(matcher.deadline(), std::nullopt);
    matcher.leave();
    key(100, kCtrl, 0);
    key(1000, kCtrl, 1);
    matcher.on_deadline(at(1250));
    EXPECT_THAT(sink.take(), ElementsAre("watch", "unwatch", fire(Gesture::Hold)));
    matcher.enter(TargetId{0});
    key(1300, kCtrl, 2);
    key(1400, kCtrl, 0);
    EXPECT_THAT(sink.take(), ElementsAre(end(Gesture::Hold)));
}

TEST_F(HotkeyMatcherTest, TheWatchIsOverBeforeTheHotkeyFires) {
    use({on(Gesture::Tap)});
    sink.on_hotkey = [this] { matcher.enter(TargetId{0}); };
    key(0, kCtrl, 1);
    key(100, kCtrl, 0);
    EXPECT_THAT(sink.take(), ElementsAre("watch", "unwatch", fire(Gesture::Tap)));
    key(200, kA, 1);
    EXPECT_THAT(sink.take(), ElementsAre(pass(kA, 1)));
}

TEST_F(HotkeyMatcherTest, MayBeLeftFromInsideATapThatAnotherKeyDecided) {
    use({on(Gesture::Tap, HotkeyAction::Home), on(Gesture::Double)});
    sink.on_hotkey = [this] { matcher.leave(); };
    matcher.enter(TargetId{0});
    key(0, kCtrl, 1);
    key(50, kCtrl, 0);
    key(100, kCtrl, 1);
    key(120, kA, 1); // decides: the tap leads home, the second press with it
    EXPECT_THAT(sink.take(), ElementsAre(fire(Gesture::Tap)));
    key(140, kA, 0);
    key(160, kCtrl, 0);
    EXPECT_THAT(sink.take(), IsEmpty());
    EXPECT_EQ(matcher.deadline(), std::nullopt);
}

TEST_F(HotkeyMatcherTest, MayGetNewHotkeysFromInsideEachGesture) {
    const HotkeyTable empty;
    sink.on_hotkey = [&] { matcher.set_hotkeys(empty); };
    for (const Gesture gesture : {Gesture::Tap, Gesture::Double, Gesture::Hold, Gesture::Press,
                                  Gesture::Release, Gesture::Chord}) {
        Hotkey hotkey = on(gesture);
        if (gesture == Gesture::Chord) {
            hotkey.key_count = 2;
            hotkey.keys = {kMeta, kCtrl};
        }
        use({hotkey});
        matcher.enter(TargetId{0});
        const int start = 10'000 * (1 + static_cast<int>(gesture));
        key(start, kMeta, 1);
        key(start + 1, kCtrl, 1);
        key(start + 50, kCtrl, 0);
        key(start + 100, kCtrl, 1);
        key(start + 150, kCtrl, 0);
        key(start + 200, kCtrl, 1);
        matcher.on_deadline(at(start + 1000));
        key(start + 1100, kCtrl, 0);
        key(start + 1200, kMeta, 0);
        matcher.on_deadline(at(start + 5000));
        EXPECT_THAT(sink.take(), testing::Contains(fire(gesture)));
        EXPECT_EQ(matcher.deadline(), std::nullopt);
        matcher.leave();
    }
}

TEST_F(HotkeyMatcherTest, ForgetsKeysWhoseReleasesTheMaskHides) {
    Hotkey chord = on(Gesture::Chord);
    chord.key_count = 2;
    chord.keys = {kA, kCtrl};
    HotkeyTable other;
    other.hotkeys.push_back(chord);

    use({on(Gesture::Press)});
    matcher.enter(TargetId{0});
    key(0, kA, 1);
    matcher.leave(); // A comes up unseen
    matcher.set_hotkeys(other);
    key(100, kCtrl, 1);
    EXPECT_THAT(sink.take(), ElementsAre(pass(kA, 1)));
}

TEST_F(HotkeyMatcherTest, AHoldEndsOnceOnWhicheverWayOut) {
    use({on(Gesture::Hold)});
    matcher.enter(TargetId{0});
    key(0, kCtrl, 1);
    matcher.on_deadline(at(250));
    matcher.on_device_gone(kKeyboard, at(300));
    matcher.on_device_gone(kKeyboard, at(310));
    key(320, kCtrl, 0);
    EXPECT_THAT(sink.take(), ElementsAre(fire(Gesture::Hold), end(Gesture::Hold), pass(kCtrl, 0)));
}

TEST_F(HotkeyMatcherTest, AHoldOnTwoKeyboardsEndsWithTheLast) {
    use({on(Gesture::Hold)});
    matcher.enter(TargetId{0});
    key(0, kCtrl, 1);
    key(10, kCtrl, 1, DeviceSlot{1});
    matcher.on_deadline(at(250));
    matcher.on_device_gone(kKeyboard, at(300));
    EXPECT_THAT(sink.take(), ElementsAre(fire(Gesture::Hold)));
    key(400, kCtrl, 0, DeviceSlot{1});
    EXPECT_THAT(sink.take(), ElementsAre(end(Gesture::Hold)));
}

TEST_F(HotkeyMatcherTest, IgnoresValuesThatNoKeyHas) {
    use({on(Gesture::Press)});
    matcher.enter(TargetId{0});
    key(0, kCtrl, 3);
    key(1, kCtrl, -1);
    key(2, kA, 77);
    EXPECT_THAT(sink.take(), IsEmpty());
}

} // namespace

} // namespace spicykvm::core
