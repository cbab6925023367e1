// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// org.spicykvm.Displays over fake monitors: what it says, and who may do what.
#include "fixture.h"
#include "support/fake_polkit.h"

#include <gmock/gmock.h>

namespace spicykvm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Answer = FakePolkit::Answer;

BusClient::Append feature(const char* display) {
    return
        [display](sd_bus_message* message) { sd_bus_message_append(message, "sy", display, 0x60); };
}

BusClient::Append value(const char* text, unsigned options = 0) {
    return [text, options](sd_bus_message* message) {
        sd_bus_message_append(message, "sys", "DP-1", 0x60, text);
        sd_bus_message_append(message, "a{sv}", options, "force", "b", 1);
    };
}

BusClient::Append display(const char* name) {
    return [name](sd_bus_message* message) { sd_bus_message_append(message, "s", name); };
}

class DisplaysOnBus : public BusTest {
  protected:
    void SetUp() override {
        BusTest::SetUp();
        if (!IsSkipped()) {
            polkit.emplace(Answer::Yes);
            host.emplace();
            alice.emplace(kAlice);
        }
    }

    std::optional<FakePolkit> polkit;
    std::optional<ServiceHost> host;
    std::optional<BusClient> alice;
};

TEST_F(DisplaysOnBus, ListingNeedsNoAuthorisation) {
    polkit->set_answer(Answer::No);
    BusClient nobody(kNobody);
    EXPECT_EQ(nobody.call(displays("ListDisplays")).error, "");
    EXPECT_THAT(host->displays_asked(), ElementsAre("list"));
    EXPECT_EQ(polkit->question_count(), 0U);
}

TEST_F(DisplaysOnBus, ListsWhatThePortSays) {
    host->with_displays([](FakeDisplaysPort& port) {
        port.known = {{"card1-DP-1",
                       "DEL 0x41b5 \"U\xff\"",
                       5,
                       true,
                       0x11,
                       "hdmi-1",
                       "",
                       {{"win11", "left", "hdmi-1", "hdmi-2", "ddc", "", ""}}},
                      {"card1-DP-2", "", {}, false, {}, "", "no monitor"}};
    });
    const auto reply = alice->ask(displays("ListDisplays"));
    EXPECT_TRUE(sd_bus_message_has_signature(reply.get(), "aa{sv}"));
    std::vector<std::size_t> sizes;
    ASSERT_GT(sd_bus_message_enter_container(reply.get(), 'a', "a{sv}"), 0);
    while (sd_bus_message_enter_container(reply.get(), 'a', "{sv}") > 0) {
        std::size_t size = 0;
        while (sd_bus_message_at_end(reply.get(), 0) == 0) {
            ASSERT_GT(sd_bus_message_skip(reply.get(), "{sv}"), 0);
            ++size;
        }
        sizes.push_back(size);
        sd_bus_message_exit_container(reply.get());
    }
    EXPECT_THAT(sizes, ElementsAre(8U, 5U)); // without bus and input if they are not known
}

TEST_F(DisplaysOnBus, AllElseIsAskedAbout) {
    EXPECT_EQ(alice->call(displays("GetFeature"), feature("DP-1")).error, "");
    EXPECT_EQ(alice->call(displays("SetFeature"), value("hdmi-1")).error, "");
    EXPECT_EQ(alice->call(displays("ReadCapabilities"), display("i2c-5")).error, "");
    EXPECT_THAT(host->displays_asked(),
                ElementsAre("get DP-1 96", "set DP-1 96 17", "capabilities i2c-5"));
    ASSERT_EQ(polkit->question_count(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(polkit->question(i).action, "org.spicykvm.Manager.ddc");
        EXPECT_FALSE(polkit->question(i).interactive);
        EXPECT_THAT(polkit->question(i).details,
                    ElementsAre(std::pair("display", i == 2 ? "i2c-5" : "DP-1")));
    }
    alice->let_ask_password(true);
    EXPECT_EQ(alice->call(displays("GetFeature"), feature("DP-1")).error, "");
    EXPECT_TRUE(polkit->question(3).interactive);
}

/// The arguments of TestReturn.
BusClient::Append test_of(unsigned seconds, unsigned options = 0) {
    return [seconds, options](sd_bus_message* message) {
        sd_bus_message_append(message, "ssu", "win11", "left", seconds);
        sd_bus_message_append(message, "a{sv}", options, "force", "b", 1);
    };
}

TEST_F(DisplaysOnBus, TestsAWayHome) {
    EXPECT_EQ(alice->call(displays("TestReturn"), test_of(10)).error, "");
    EXPECT_THAT(host->displays_asked(), ElementsAre("test win11 left 10000"));
    EXPECT_EQ(polkit->question(0).action, "org.spicykvm.Manager.ddc");
    EXPECT_THAT(polkit->question(0).details, ElementsAre(std::pair("display", "win11/left")));
    for (const unsigned seconds : {0U, 11U, 4294967295U}) {
        const auto outcome = alice->call(displays("TestReturn"), test_of(seconds));
        EXPECT_EQ(outcome.error, dbus::kErrorInvalidArgs);
        EXPECT_EQ(outcome.message, "seconds; allowed: 1 to 10");
    }
    EXPECT_EQ(alice->call(displays("TestReturn"), test_of(3, 1)).error, dbus::kErrorInvalidArgs);
    polkit->set_answer(Answer::No);
    EXPECT_EQ(alice->call(displays("TestReturn"), test_of(3)).error, dbus::kErrorAccessDenied);
    EXPECT_THAT(host->displays_asked(), testing::SizeIs(1));
}

TEST_F(DisplaysOnBus, ATestEndsWhenItsCallerLeaves) {
    host->with_displays([](FakeDisplaysPort& port) { port.hold = true; });
    BusClient other;
    {
        BusClient caller;
        (void)caller.start(displays("TestReturn"), test_of(3));
        caller.sync();
        while (host->displays_asked().empty()) {
            caller.sync();
        }
        EXPECT_EQ(other.call(displays("ListDisplays")).error, "");
    }
    while (host->displays_asked().size() < 3) {
        other.sync();
    }
    EXPECT_THAT(host->displays_asked(), ElementsAre("test win11 left 3000", "list", "stop"));
}

TEST_F(DisplaysOnBus, DeniedMeansThatNothingHappens) {
    for (const Answer answer : {Answer::No, Answer::Password, Answer::Error}) {
        polkit->set_answer(answer);
        const char* const error =
            answer == Answer::Password ? dbus::kErrorInteractionRequired : dbus::kErrorAccessDenied;
        EXPECT_EQ(alice->call(displays("GetFeature"), feature("DP-1")).error, error);
        EXPECT_EQ(alice->call(displays("SetFeature"), value("hdmi-1")).error, error);
        EXPECT_EQ(alice->call(displays("ReadCapabilities"), display("DP-1")).error, error);
    }
    EXPECT_THAT(host->displays_asked(), IsEmpty());
}

TEST_F(DisplaysOnBus, RootIsNotAskedAbout) {
    polkit.reset();
    BusClient root;
    EXPECT_EQ(root.call(displays("SetFeature"), value("hdmi-1")).error, "");
    EXPECT_EQ(alice->call(displays("SetFeature"), value("hdmi-1")).error, dbus::kErrorAccessDenied);
    EXPECT_THAT(host->displays_asked(), ElementsAre("set DP-1 96 17"));
}

TEST_F(DisplaysOnBus, WhatIsNeverWrittenIsRefusedBeforeAnybodyIsAsked) {
    host->with_displays([](FakeDisplaysPort& port) {
        port.check_failure = Error{ErrorCode::NotSupported, "not written"};
    });
    EXPECT_EQ(alice->call(displays("SetFeature"), value("hdmi-1")).error,
              "org.spicykvm.Error.NotSupported");
    EXPECT_EQ(alice->call(displays("SetFeature"), value("hdmi-1", 1)).error,
              dbus::kErrorInvalidArgs);
    EXPECT_EQ(polkit->question_count(), 0U);
    EXPECT_THAT(host->displays_asked(), IsEmpty());
}

TEST_F(DisplaysOnBus, AnswersWithThePortsError) {
    host->with_displays([](FakeDisplaysPort& port) {
        port.failure = Error{ErrorCode::Busy, "a switch"};
    });
    const std::string busy = "org.spicykvm.Error.Busy";
    EXPECT_EQ(alice->call(displays("ListDisplays")).error, busy);
    EXPECT_EQ(alice->call(displays("GetFeature"), feature("DP-1")).error, busy);
    EXPECT_EQ(alice->call(displays("SetFeature"), value("hdmi-1")).error, busy);
    const auto outcome = alice->call(displays("ReadCapabilities"), display("DP-1"));
    EXPECT_EQ(outcome.error, busy);
    EXPECT_EQ(outcome.message, "a switch");
}

TEST_F(DisplaysOnBus, WithoutMonitorsSaysSo) {
    host.reset();
    host.emplace(ServiceSettings{.has_displays = false});
    for (const auto& [method, arguments] :
         {std::pair("ListDisplays", BusClient::Append()), std::pair("GetFeature", feature("DP-1")),
          std::pair("SetFeature", value("hdmi-1")), std::pair("ReadCapabilities", display("DP-1")),
          std::pair("TestReturn", test_of(3))}) {
        const auto outcome = alice->call(displays(method), arguments);
        EXPECT_EQ(outcome.error, "org.spicykvm.Error.NotSupported") << method;
        EXPECT_EQ(outcome.message, "monitors are not available to this spicykvmd") << method;
    }
    EXPECT_EQ(polkit->question_count(), 0U);
}

TEST_F(DisplaysOnBus, AFloodForMonitorsDoesNotShutTheWayToAVm) {
    polkit->set_answer(Answer::Later);
    std::vector<std::unique_ptr<BusClient>> crowd;
    for (const uid_t uid : {kBob, uid_t{3}, uid_t{4}, kNobody}) {
        crowd.push_back(std::make_unique<BusClient>(uid));
        for (int i = 0; i < 8; ++i) {
            (void)crowd.back()->start(displays("GetFeature"), feature("DP-1"));
        }
    }
    (void)polkit->question(31);
    EXPECT_EQ(alice->call(displays("GetFeature"), feature("DP-1")).error,
              dbus::kErrorLimitsExceeded);
    EXPECT_EQ(alice->call(displays("ListDisplays")).error, dbus::kErrorLimitsExceeded);
    polkit->set_answer(Answer::Yes);
    EXPECT_EQ(alice->call(manager("Activate")).error, "");
}

TEST_F(DisplaysOnBus, WhoStillWaitsAtTheEndIsAnswered) {
    host->with_displays([](FakeDisplaysPort& port) { port.hold = true; });
    BusClient root;
    const int call = root.start(displays("GetFeature"), feature("DP-1"));
    root.sync();
    // The caller's uid is looked up first, so that the service may not be there yet.
    while (host->displays_asked().empty()) {
        root.sync();
    }
    host->stop_service();
    EXPECT_EQ(root.wait(call).error, "org.spicykvm.Error.Cancelled");
    host->with_displays([](FakeDisplaysPort& port) { port.held.front()(port.feature); });
}

TEST(DisplaysOnSessionBus, ServesTheDaemonsOwnUser) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "needs root: the clients are of different users";
    }
    const PrivateBus bus;
    ServiceHost host({.bus = BusKind::Session});
    BusClient own;
    EXPECT_EQ(own.call(displays("GetFeature"), feature("DP-1")).error, "");
    BusClient alice(kAlice);
    EXPECT_EQ(alice.call(displays("GetFeature"), feature("DP-1")).error, dbus::kErrorAccessDenied);
    EXPECT_EQ(alice.call(displays("ListDisplays")).error, "");
}

} // namespace
} // namespace spicykvm::test
