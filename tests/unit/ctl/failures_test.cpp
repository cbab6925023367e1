// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/failures.h"

#include <gtest/gtest.h>

namespace spicykvm::ctl {
namespace {

struct Case {
    const char* name;
    ExitCode code;
};

class Failures : public testing::TestWithParam<Case> {};

TEST_P(Failures, HaveTheirExitCode) {
    EXPECT_EQ(exit_code({GetParam().name, "text"}), GetParam().code);
}

// As documented in docs/spicykvmctl.md: scripts depend on it.
INSTANTIATE_TEST_SUITE_P(
    Names, Failures,
    testing::Values(
        Case{kNoBus, kNotRunning}, Case{"org.freedesktop.DBus.Error.ServiceUnknown", kNotRunning},
        Case{"org.freedesktop.DBus.Error.NameHasNoOwner", kNotRunning},
        Case{"org.freedesktop.DBus.Error.Disconnected", kNotRunning},
        Case{"org.freedesktop.DBus.Error.Spawn.ChildExited", kNotRunning},
        Case{"org.freedesktop.systemd1.NoSuchUnit", kNotRunning},
        Case{"org.freedesktop.DBus.Error.AccessDenied", kNotAuthorised},
        Case{"org.freedesktop.DBus.Error.InteractiveAuthorizationRequired", kNotAuthorised},
        Case{"org.freedesktop.DBus.Error.NoReply", kFailed},
        Case{"org.freedesktop.DBus.Error.LimitsExceeded", kFailed},
        Case{"org.freedesktop.DBus.Error.UnknownMethod", kFailed},
        Case{"org.spicykvm.Error.InvalidArgument", kBadTarget},
        Case{"org.spicykvm.Error.NotFound", kBadTarget},
        Case{"org.spicykvm.Error.WrongPassword", kGuest},
        Case{"org.spicykvm.Error.Unreachable", kGuest}, Case{"org.spicykvm.Error.Timeout", kGuest},
        Case{"org.spicykvm.Error.Disconnected", kGuest},
        Case{"org.spicykvm.Error.WrongPeer", kGuest},
        Case{"org.spicykvm.Error.NotSupported", kGuest},
        Case{"org.spicykvm.Error.Protocol", kGuest}, Case{"org.spicykvm.Error.Busy", kFailed},
        Case{"org.spicykvm.Error.AccessDenied", kFailed},
        Case{"org.spicykvm.Error.Cancelled", kFailed}, Case{"org.spicykvm.Error.Failed", kFailed},
        Case{"org.spicykvm.Error.NotYetInvented", kFailed}, Case{"", kFailed}));

TEST(Failures, SayHowToStartTheDaemon) {
    const CallError error{"org.freedesktop.DBus.Error.ServiceUnknown", "x"};
    EXPECT_EQ(describe("status", error, false),
              "spicykvmd is not running: systemctl start spicykvmd");
    EXPECT_EQ(describe("status", error, true),
              "spicykvmd is not running on the session bus: spicykvmd --bus session");
}

TEST(Failures, OfTheBussOwnPolicyAreNotPolkits) {
    const std::string line = describe(
        "status",
        {"org.freedesktop.DBus.Error.AccessDenied", "Rejected send message, 1 matched rules; x"},
        false);
    EXPECT_EQ(line, "status: the message bus lets nobody talk to spicykvmd: it has not loaded "
                    "/usr/share/dbus-1/system.d/org.spicykvm.Manager.conf: systemctl reload dbus");
    EXPECT_EQ(describe("status",
                       {"org.freedesktop.DBus.Error.AccessDenied",
                        "Sender is not authorized to send message"},
                       false),
              line);
}

TEST(Failures, SayWhatWhyAndWhatToDo) {
    EXPECT_EQ(describe("activate x", {"org.spicykvm.Error.NotFound", "no target \"x\""}, false),
              "activate x: no target \"x\"; see spicykvmctl targets, devices and "
              "displays");
    EXPECT_EQ(describe("toggle", {"org.spicykvm.Error.Busy", "another switch"}, false),
              "toggle: another switch");
    EXPECT_EQ(
        describe("reload", {"org.freedesktop.DBus.Error.AccessDenied", "not authorised"}, false),
        "reload: not authorised; try it with sudo, or from the active session");
}

TEST(Failures, KeepControlCharactersFromTheTerminal) {
    EXPECT_EQ(describe("toggle", {"org.spicykvm.Error.Failed", "a\tb\x1b[2J"}, false),
              "toggle: a b [2J");
}

TEST(Failures, ListTheErrorsOfAConfiguration) {
    EXPECT_EQ(describe("reload",
                       {"org.spicykvm.Error.InvalidArgument", "f:1: a: wrong\nf:2: b: \x1bwrong\n"},
                       false),
              "reload:\nf:1: a: wrong\nf:2: b:  wrong");
}

TEST(Failures, ShowTheNameWhenThereIsNoText) {
    EXPECT_EQ(describe("toggle", {"com.example.Odd", ""}, false), "toggle: com.example.Odd");
}

} // namespace
} // namespace spicykvm::ctl
