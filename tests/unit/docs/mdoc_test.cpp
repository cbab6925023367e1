// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "generate/mdoc.h"

#include <gmock/gmock.h>

namespace spicykvm::docs {
namespace {

TEST(Mdoc, TakesNothingInATextForAMacro) {
    EXPECT_EQ(mdoc_text("plain"), "plain\n");
    EXPECT_EQ(mdoc_text(".TH"), "\\&.TH\n");
    EXPECT_EQ(mdoc_text("'so"), "\\&'so\n");
    EXPECT_EQ(mdoc_text("`.conf`"), "\\fB\\%.conf\\fP\n");
    EXPECT_EQ(mdoc_text("a\\b"), "a\\eb\n");
    EXPECT_EQ(mdoc_text("say \"yes\""), "say \\(dqyes\\(dq\n");
    EXPECT_EQ(mdoc_text("~^"), "\\(ti\\(ha\n");
}

TEST(Mdoc, KeepsTheMinusInWhatIsTyped) {
    EXPECT_EQ(mdoc_text("real-time `libvirt-qemu`"), "real-time \\fB\\%libvirt\\-qemu\\fP\n");
}

TEST(Mdoc, BreaksNoLineInWhatIsTyped) {
    EXPECT_EQ(mdoc_text("as `a = 1` b"), "as \\fB\\%a\\ =\\ 1\\fP b\n");
    EXPECT_EQ(mdoc_text("of a_b, c"), "of \\%a_b, c\n");
}

TEST(Mdoc, BeginsALineWithEachSentence) {
    EXPECT_EQ(mdoc_text("One. Two, e.g. three? Four."), "One.\nTwo, e.g. three?\nFour.\n");
    EXPECT_EQ(mdoc_text("One. .two"), "One. .two\n");
}

TEST(Mdoc, DescribesAnOption) {
    EXPECT_EQ(mdoc_item(OptionText{"--bus", "BUS", {"system", "session"}, "the bus"}),
              ".It Fl \"\\&\\-bus\" Ar \"\\&BUS\"\nThe bus.\n"
              "Allowed: \\fB\\%system\\fP, \\fB\\%session\\fP.\n");
    EXPECT_EQ(mdoc_item(OptionText{"--check", "", {}, "Check."}),
              ".It Fl \"\\&\\-check\"\nCheck.\n");
}

TEST(Mdoc, DescribesACommand) {
    const ctl::Verb verb{"ddc test", "DISPLAY [TARGET...] [--json] [--seconds=N]", "tries it",
                         nullptr};
    EXPECT_EQ(mdoc_item(verb),
              ".It Ic \"\\&ddc\\ test\" Ar \"\\&DISPLAY\" Oo Ar \"\\&TARGET\" No ... Oc "
              "Oo Fl \"\\&\\-json\" Oc Oo Fl \"\\&\\-seconds\" Ns = Ns Ar \"\\&N\" Oc\n"
              "Tries it.\n");
}

TEST(Mdoc, DescribesAKey) {
    const auto item = [](std::string_view section, std::string_view name) {
        for (const config::KeySpec* key : config::keys_of(section)) {
            if (key->name == name) {
                return mdoc_item(*key);
            }
        }
        return std::string("no such key");
    };
    EXPECT_EQ(item("hotkeys", "tap_ms"), ".It Ic \"\\&tap_ms\" Pq integer\n"
                                         "A tap is shorter than this.\n"
                                         "Allowed: milliseconds from 20 to 2000.\n"
                                         "Default: \\fB\\%250\\fP.\n");
    EXPECT_THAT(item("target", "uri"), testing::HasSubstr("Pq string\nRequired.\n"));
    EXPECT_THAT(item("target", "peer_user"),
                testing::EndsWith("Example: \\fB\\%\\(dqlibvirt\\-qemu\\(dq\\fP.\n"));
    EXPECT_THAT(item("input", "host_keys"), testing::HasSubstr("Not in this version"));
}

} // namespace
} // namespace spicykvm::docs
