// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/check.h"
#include "unit/config/config_test_tools.h"

#include <gmock/gmock.h>

namespace spicykvm::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Check, AsksForTheUriOfATarget) {
    EXPECT_THAT(said("[[target]]\nname = 'a'\n"),
                ElementsAre("f:1: target.a.uri: missing; every target needs it; allowed: "
                            "\"spice://HOST:PORT\", \"spice+unix:///PATH\" or "
                            "\"spice+unix://@NAME\""));
}

TEST(Check, KnowsTheDefaultTarget) {
    EXPECT_THAT(said("[daemon]\ndefault_target='b'\n[[target]]\nname='a'\nuri='spice://h:1'\n"),
                ElementsAre("f:2: daemon.default_target: \"b\" is no target; allowed: the name of "
                            "a [[target]]"));
}

TEST(Check, OrdersTheRetries) {
    EXPECT_THAT(said("[spice]\nretry_min_ms=5000\nretry_max_ms=4000\n"),
                ElementsAre("f:2: spice.retry_min_ms: 5000 is more than spice.retry_max_ms; "
                            "allowed: at most 4000"));
    EXPECT_THAT(said("[spice]\nretry_min_ms=4000\nretry_max_ms=4000\n"), IsEmpty());
}

TEST(Check, RefusesTheSameGestureTwice) {
    EXPECT_THAT(said("[hotkeys]\nhome='tap(pause)'\ntoggle='tap(key_pause)'\n"),
                ElementsAre("f:2: hotkeys.home: \"tap(pause)\" can't be told from \"tap(pause)\" "
                            "of hotkeys.toggle (f:3); allowed: each gesture once, and press or "
                            "release alone on their key"));
    EXPECT_THAT(said("[hotkeys]\ntoggle=['leftctrl+f1', 'f1+leftctrl']\n"),
                ElementsAre(HasSubstr("f:2: hotkeys.toggle: \"f1+leftctrl\" can't be told")));
    EXPECT_THAT(said("[hotkeys]\ntoggle='tap(f1)'\n[[target]]\nname='a'\nuri='spice://h:1'\n"
                     "hotkey='tap(f1)'\n"),
                ElementsAre(HasSubstr("f:6: target.a.hotkey: \"tap(f1)\" can't be told")));
}

TEST(Check, LetsPressAndReleaseHaveTheirKeyAlone) {
    EXPECT_THAT(said("[hotkeys]\ntoggle='tap(f1)'\nhome='press(f1)'\n"),
                ElementsAre(HasSubstr("hotkeys.home: \"press(f1)\" can't be told from "
                                      "\"tap(f1)\"")));
    EXPECT_THAT(said("[hotkeys]\nhome='press(f1)'\n[[target]]\nname='a'\nuri='spice://h:1'\n"
                     "hotkey='release(f1)'\n"),
                ElementsAre(HasSubstr("target.a.hotkey: \"release(f1)\" can't be told")));
}

TEST(Check, LetsOneKeyHaveTapDoubleHoldAndChords) {
    EXPECT_THAT(said("[hotkeys]\ntoggle='tap(f1)'\nhome='double(f1)'\nlend_mouse='hold(f1)'\n"
                     "next='f1+f2'\nlast='f1+f3'\n"),
                IsEmpty());
}

TEST(Check, WantsAHoldForWhatLastsAsLongAsTheKey) {
    EXPECT_THAT(said("[hotkeys]\ntoggle='tap(f3)'\nlend_mouse='tap(f1)'\nborrow='f1+f2'\n"),
                ElementsAre("f:3: hotkeys.lend_mouse: \"tap(f1)\" can't be held; allowed: "
                            "hold(KEY)",
                            "f:4: hotkeys.borrow: \"f1+f2\" can't be held; allowed: hold(KEY)"));
}

TEST(Check, WarnsWhenNoHotkeyLeadsHome) {
    const std::string target = "[[target]]\nname='a'\nuri='spice://h:1'\nhotkey='tap(f1)'\n";
    EXPECT_THAT(said(target),
                ElementsAre("f:4: warning: hotkeys: no hotkey leads home; only "
                            "Backspace+Escape+Enter and \"spicykvmctl deactivate\" do; set "
                            "hotkeys.home or hotkeys.toggle"));
    EXPECT_THAT(said(target + "[hotkeys]\nhome='tap(f2)'\n"), IsEmpty());
    EXPECT_THAT(said(target + "[hotkeys]\ntoggle='tap(f2)'\n"), IsEmpty());
}

TEST(Check, SaysNothingWithoutHotkeys) {
    EXPECT_THAT(said("[[target]]\nname='a'\nuri='spice://h:1'\n"), IsEmpty());
}

TEST(Check, PassesEachTargetToTheConnectionsOwnCheck) {
    Draft draft;
    read_text(draft, "f",
              "[[target]]\nname='a'\nuri='spice://good:1'\n"
              "[[target]]\nname='b'\nuri='spice://bad'\n");
    check_whole(draft, [](const TargetConfig& target) -> std::vector<TargetFault> {
        if (target.uri == "spice://bad") {
            return {{"uri", "the port is missing; allowed: 1 to 65535"}};
        }
        return {};
    });
    EXPECT_THAT(lines(draft.diagnostics),
                ElementsAre("f:6: target.b.uri: the port is missing; allowed: 1 to 65535"));
}

} // namespace
} // namespace spicykvm::config
