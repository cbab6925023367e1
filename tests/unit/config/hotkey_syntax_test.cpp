// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/hotkey_syntax.h"

#include <gmock/gmock.h>

namespace spicykvm::config {
namespace {

using core::Gesture;
using core::Hotkey;
using core::KeyCode;
using testing::HasSubstr;

KeyCode key(int code) {
    return static_cast<KeyCode>(code);
}

Hotkey parsed(std::string_view text) {
    const auto hotkey = parse_hotkey(text);
    EXPECT_TRUE(hotkey) << text << ": " << (hotkey ? "" : hotkey.error().message);
    return hotkey.value_or(Hotkey{});
}

std::string problem(std::string_view text) {
    const auto hotkey = parse_hotkey(text);
    EXPECT_FALSE(hotkey) << text;
    return hotkey ? "" : hotkey.error().message;
}

TEST(HotkeySyntax, ReadsEveryGesture) {
    EXPECT_EQ(parsed("tap(rightctrl)").gesture, Gesture::Tap);
    EXPECT_EQ(parsed("double(rightctrl)").gesture, Gesture::Double);
    EXPECT_EQ(parsed("hold(rightctrl)").gesture, Gesture::Hold);
    EXPECT_EQ(parsed("press(rightctrl)").gesture, Gesture::Press);
    EXPECT_EQ(parsed("release(rightctrl)").gesture, Gesture::Release);
    EXPECT_EQ(parsed("release(rightctrl)").key_count, 1);
    EXPECT_EQ(parsed("release(rightctrl)").keys[0], key(KEY_RIGHTCTRL));
}

TEST(HotkeySyntax, ReadsChordsInTheOrderWritten) {
    const Hotkey hotkey = parsed("leftmeta + f12");
    EXPECT_EQ(hotkey.gesture, Gesture::Chord);
    EXPECT_EQ(hotkey.key_count, 2);
    EXPECT_EQ(hotkey.keys[0], key(KEY_LEFTMETA));
    EXPECT_EQ(hotkey.keys[1], key(KEY_F12));
    EXPECT_EQ(parsed("leftctrl+leftalt+leftshift+f1").key_count, Hotkey::kMaxKeys);
}

TEST(HotkeySyntax, IgnoresCaseBlanksAndPrefix) {
    const Hotkey expected = parsed("tap(pause)");
    EXPECT_EQ(parsed("  TAP ( Key_Pause )  "), expected);
    EXPECT_EQ(parsed("Tap(KEY_PAUSE)"), expected);
    EXPECT_EQ(parsed("tap(\tpause)"), expected);
}

TEST(HotkeySyntax, KnowsButtonsAndCommonNames) {
    EXPECT_EQ(*parse_key("btn_side"), key(BTN_SIDE));
    EXPECT_EQ(*parse_key("side"), key(BTN_SIDE));
    EXPECT_EQ(*parse_key("rightwin"), key(KEY_RIGHTMETA));
    EXPECT_EQ(*parse_key("AltGr"), key(KEY_RIGHTALT));
    EXPECT_EQ(*parse_key("escape"), key(KEY_ESC));
    EXPECT_EQ(*parse_key("printscreen"), key(KEY_SYSRQ));
    EXPECT_EQ(*parse_key("1"), key(KEY_1));
}

TEST(HotkeySyntax, PrefersTheKeyToTheButtonOfTheSameName) {
    EXPECT_EQ(*parse_key("back"), key(KEY_BACK));
    EXPECT_EQ(*parse_key("btn_back"), key(BTN_BACK));
}

TEST(HotkeySyntax, RefusesWhatIsNoKey) {
    for (const std::string_view name :
         {"", " ", "rightcontrol", "key_", "KEY_MAX", "reserved", "key_cnt", "rel_x", "ev_key",
          "0x1d", "pau\0se", "btn_pause"}) {
        EXPECT_FALSE(parse_key(name)) << name;
    }
    EXPECT_FALSE(parse_key(std::string_view("pause\0", 6)));
    EXPECT_FALSE(parse_key(std::string(65, 'a')));
}

TEST(HotkeySyntax, SaysWhatIsWrongAndWhatIsAllowed) {
    EXPECT_EQ(problem("tpa(pause)"), "\"tpa(pause)\": no such gesture; allowed: tap(KEY), "
                                     "double(KEY), hold(KEY), press(KEY), release(KEY) or KEY+KEY");
    EXPECT_EQ(problem("tap(pauze)"),
              "\"pauze\": no key or button has this name; allowed: the names of evdev, such as "
              "rightctrl, pause, f12, btn_side");
    EXPECT_THAT(problem("pause"), HasSubstr("a single key needs a gesture"));
    EXPECT_THAT(problem("tap(pause"), HasSubstr("\")\" is missing"));
    EXPECT_THAT(problem("tap(pause)x"), HasSubstr("\")\" is missing"));
    EXPECT_THAT(problem("tap(leftctrl+pause)"), HasSubstr("a gesture has one key"));
    EXPECT_THAT(problem("leftctrl+leftctrl"), HasSubstr("the same key twice"));
    EXPECT_THAT(problem("a+b+c+d+e"), HasSubstr("a chord of 2 to 4"));
    EXPECT_THAT(problem(""), HasSubstr("not a hotkey"));
    EXPECT_THAT(problem(std::string(201, 'a')), HasSubstr("not a hotkey"));
    EXPECT_THAT(problem("leftctrl+"), HasSubstr("not the name of a key"));
    EXPECT_THAT(problem("+"), HasSubstr("not the name of a key"));
    EXPECT_THAT(problem("tap()"), HasSubstr("not the name of a key"));
}

TEST(HotkeySyntax, KeepsThePanicChordFree) {
    EXPECT_THAT(problem("backspace+esc+enter"), HasSubstr("panic chord"));
    EXPECT_THAT(problem("enter+backspace+escape"), HasSubstr("panic chord"));
    EXPECT_THAT(problem("enter+backspace+escape+a"), HasSubstr("panic chord"));
    EXPECT_TRUE(parse_hotkey("backspace+enter"));
}

TEST(HotkeySyntax, WritesWhatItReadsBack) {
    for (const std::string_view text :
         {"tap(rightctrl)", "double(scrolllock)", "hold(btn_extra)", "press(pause)", "release(f12)",
          "leftmeta+f12", "leftctrl+leftalt+btn_left"}) {
        EXPECT_EQ(to_text(parsed(text)), text);
    }
}

TEST(HotkeySyntax, EveryKeyOfEvdevHasANameThatIsReadBack) {
    for (int code = KEY_ESC; code < KEY_MAX; ++code) {
        const std::string name = key_name(key(code));
        if (name != "?") {
            const auto back = parse_key(name);
            ASSERT_TRUE(back) << name;
            EXPECT_EQ(*back, key(code)) << name;
        }
    }
}

TEST(HotkeySyntax, ComparesChordsWithoutOrder) {
    EXPECT_TRUE(same_gesture(parsed("leftctrl+f1"), parsed("f1+leftctrl")));
    EXPECT_FALSE(same_gesture(parsed("leftctrl+f1"), parsed("leftctrl+f2")));
    EXPECT_FALSE(same_gesture(parsed("leftctrl+f1"), parsed("leftctrl+f1+f2")));
    EXPECT_FALSE(same_gesture(parsed("tap(f1)"), parsed("hold(f1)")));
}

} // namespace
} // namespace spicykvm::config
