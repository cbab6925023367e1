// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Who may do what: the service and a polkit whose answers the test chooses.
#include "fixture.h"
#include "support/fake_polkit.h"

#include <gmock/gmock.h>

namespace spicykvm::test {
namespace {

using core::SwitchState;
using testing::ElementsAre;
using testing::IsEmpty;
using Answer = FakePolkit::Answer;

constexpr const char* kCancelled = "org.spicykvm.Error.Cancelled";

class Authorisation : public BusTest {
  protected:
    void SetUp() override {
        BusTest::SetUp();
        if (!IsSkipped()) {
            polkit.emplace(Answer::No);
            host.emplace();
            alice.emplace(kAlice);
        }
    }

    void be_active(std::optional<uid_t> activator) {
        host->run([activator](FakeControlPort& port) {
            port.set_state(SwitchState::Active, "win11", activator);
        });
    }

    std::optional<FakePolkit> polkit;
    std::optional<ServiceHost> host;
    std::optional<BusClient> alice;
};

TEST_F(Authorisation, PolkitIsAskedForTheCallerByItsBusName) {
    polkit->set_answer(Answer::Yes);
    EXPECT_EQ(alice->call(manager("ActivateTarget"), target("work")).error, "");
    const auto question = polkit->question(0);
    EXPECT_EQ(question.subject_kind, "system-bus-name");
    EXPECT_EQ(question.subject_name, "name=" + alice->unique_name());
    EXPECT_EQ(question.action, "org.spicykvm.Manager.activate");
    EXPECT_THAT(question.details, ElementsAre(std::pair("target", "work")));
    EXPECT_THAT(host->asked(), ElementsAre("activate work by 1"));
}

TEST_F(Authorisation, DeniedMeansThatNothingHappens) {
    alice->listen();
    for (const char* method : {"Activate", "Toggle", "Reload"}) {
        EXPECT_EQ(alice->call(manager(method)).error, dbus::kErrorAccessDenied) << method;
    }
    EXPECT_EQ(alice->call(manager("ActivateTarget"), target("work")).error,
              dbus::kErrorAccessDenied);
    EXPECT_EQ(alice->call({"/org/spicykvm/target/work", kTargetInterface, "Activate"}).error,
              dbus::kErrorAccessDenied);
    alice->sync();
    EXPECT_THAT(host->asked(), IsEmpty());
    EXPECT_THAT(alice->changes, IsEmpty());
    EXPECT_THAT(alice->switches, IsEmpty());
}

TEST_F(Authorisation, EveryCallIsAskedAbout) {
    polkit->set_answer(Answer::Yes);
    ASSERT_EQ(alice->call(manager("Reload")).error, "");
    EXPECT_EQ(polkit->question(0).action, "org.spicykvm.Manager.configure");
    polkit->set_answer(Answer::No);
    EXPECT_EQ(alice->call(manager("Reload")).error, dbus::kErrorAccessDenied);
}

TEST_F(Authorisation, APasswordThatNobodyCanBeAskedForIsSaid) {
    polkit->set_answer(Answer::Password);
    EXPECT_EQ(alice->call(manager("Activate")).error, dbus::kErrorInteractionRequired);
    EXPECT_THAT(host->asked(), IsEmpty());
}

TEST_F(Authorisation, APasswordIsAskedForOnlyIfTheCallAllowsIt) {
    const auto with = [](bool interactive) -> BusClient::Append {
        return [interactive](sd_bus_message* message) {
            sd_bus_message_append(message, "sa{sv}", "work", 1, "interactive", "b",
                                  interactive ? 1 : 0);
        };
    };
    (void)alice->call(manager("Activate"));
    (void)alice->call(manager("ActivateTarget"), with(true));
    alice->let_ask_password(true); // the flag in the message
    (void)alice->call(manager("Activate"));
    (void)alice->call(manager("ActivateTarget"), target("work"));
    (void)alice->call(manager("ActivateTarget"), with(false));
    const bool expected[] = {false, true, true, true, false};
    for (std::size_t i = 0; i < std::size(expected); ++i) {
        EXPECT_EQ(polkit->question(i).interactive, expected[i]) << i;
    }
}

TEST_F(Authorisation, WhatCanNotBeIsRefusedBeforeAnybodyIsAsked) {
    EXPECT_EQ(alice->call(manager("ActivateTarget"), target("nope")).error,
              "org.spicykvm.Error.NotFound");
    EXPECT_EQ(alice->call(manager("Deactivate")).error, "");
    EXPECT_EQ(polkit->question_count(), 0U);
}

TEST_F(Authorisation, ReadingNeedsNoAuthorisation) {
    BusClient nobody(kNobody);
    EXPECT_EQ(nobody.call(manager("Status")).error, "");
    EXPECT_EQ(nobody.call(manager("ListDevices")).error, "");
    EXPECT_EQ(nobody.property(dbus::kManagerPath, kManagerInterface, "State"), "inactive");
    EXPECT_EQ(
        nobody.call({dbus::kRootPath, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects"})
            .error,
        "");
    EXPECT_EQ(polkit->question_count(), 0U);
}

TEST_F(Authorisation, RootIsNotAskedAbout) {
    polkit->set_answer(Answer::Later);
    BusClient root;
    EXPECT_EQ(root.call(manager("Activate")).error, "");
    EXPECT_EQ(root.call(manager("Reload")).error, "");
    EXPECT_EQ(root.call(manager("Deactivate")).error, "");
    EXPECT_EQ(polkit->question_count(), 0U);
}

TEST_F(Authorisation, WithoutPolkitOnlyRootIsServed) {
    polkit.reset();
    const Outcome refused = alice->call(manager("Activate"));
    EXPECT_EQ(refused.error, dbus::kErrorAccessDenied);
    EXPECT_EQ(refused.message, "only root may do this: polkit is not installed, or does not start: "
                               "install polkitd, or see systemctl status polkit");
    EXPECT_EQ(alice->call(manager("Reload")).error, dbus::kErrorAccessDenied);
    EXPECT_THAT(host->asked(), IsEmpty());
    BusClient root;
    EXPECT_EQ(root.call(manager("Activate")).error, "");
    EXPECT_EQ(alice->call(manager("Deactivate")).error, dbus::kErrorAccessDenied);
    EXPECT_EQ(root.call(manager("Deactivate")).error, "");
}

TEST_F(Authorisation, APolkitThatFailsIsANo) {
    polkit->set_answer(Answer::Error);
    const Outcome refused = alice->call(manager("Activate"));
    EXPECT_EQ(refused.error, dbus::kErrorAccessDenied);
    EXPECT_EQ(refused.message, "only root may do this: polkit can't tell about "
                               "org.spicykvm.Manager.activate: not registered");
    EXPECT_THAT(host->asked(), IsEmpty());
}

TEST_F(Authorisation, TheWayHomeIsOpenToWhoWentAlsoWhenPolkitHangs) {
    polkit->set_answer(Answer::Later);
    be_active(kAlice);
    EXPECT_EQ(alice->call(manager("Deactivate")).error, "");
    be_active(kAlice);
    EXPECT_EQ(alice->call(manager("Toggle")).error, "");
    EXPECT_EQ(polkit->question_count(), 0U);
}

TEST_F(Authorisation, TheWayHomeNeverAsksForAPassword) {
    be_active(kBob);
    alice->let_ask_password(true);
    EXPECT_EQ(alice->call(manager("Deactivate")).error, dbus::kErrorAccessDenied);
    EXPECT_EQ(polkit->question(0).action, "org.spicykvm.Manager.deactivate");
    EXPECT_FALSE(polkit->question(0).interactive);
    polkit->set_answer(Answer::Yes);
    EXPECT_EQ(alice->call(manager("Deactivate")).error, "");
}

TEST_F(Authorisation, AfterAHotkeyPolkitDecidesWhoMayGoHome) {
    be_active(std::nullopt);
    EXPECT_EQ(alice->call(manager("Deactivate")).error, dbus::kErrorAccessDenied);
    BusClient root;
    EXPECT_EQ(root.call(manager("Deactivate")).error, "");
}

TEST_F(Authorisation, GoingHomeWithdrawsAnOpenPrompt) {
    polkit->set_answer(Answer::Later);
    alice->let_ask_password(true);
    const int activation = alice->start(manager("Activate"));
    (void)polkit->question(0);
    BusClient again(kAlice); // another process of hers
    EXPECT_EQ(again.call(manager("Deactivate")).error, "");
    EXPECT_EQ(alice->wait(activation).error, kCancelled);
    polkit->wait_withdrawn(0);
    polkit->answer(0, true); // too late
    alice->sync();
    EXPECT_THAT(host->asked(), IsEmpty());
}

TEST_F(Authorisation, SomebodyElseCanNotWithdrawAPrompt) {
    polkit->set_answer(Answer::Later);
    const int activation = alice->start(manager("Activate"));
    (void)polkit->question(0);
    polkit->set_answer(Answer::No);
    BusClient bob(kBob);
    EXPECT_EQ(bob.call(manager("Deactivate")).error, dbus::kErrorAccessDenied);
    polkit->answer(0, true);
    EXPECT_EQ(alice->wait(activation).error, "");
    EXPECT_THAT(host->asked(), ElementsAre("activate win11 by 1"));
}

TEST_F(Authorisation, ACallerWhoLeavesTheBusWithdrawsHisPrompt) {
    polkit->set_answer(Answer::Later);
    (void)alice->start(manager("Activate"));
    (void)polkit->question(0);
    alice.reset();
    polkit->wait_withdrawn(0);
    polkit->answer(0, true);
    BusClient root;
    root.sync();
    EXPECT_THAT(host->asked(), IsEmpty());
}

TEST_F(Authorisation, TheTargetMayHaveGoneDuringThePrompt) {
    polkit->set_answer(Answer::Later);
    const int activation = alice->start(manager("ActivateTarget"), target("work"));
    (void)polkit->question(0);
    host->run([](FakeControlPort& port) {
        port.snapshot.targets.pop_back();
        port.observer->on_targets_replaced();
    });
    polkit->answer(0, true);
    EXPECT_EQ(alice->wait(activation).error, "org.spicykvm.Error.NotFound");
    EXPECT_THAT(host->asked(), IsEmpty());
}

TEST_F(Authorisation, TheSwitchMayHaveBeenMadeDuringThePrompt) {
    polkit->set_answer(Answer::Later);
    const int activation = alice->start(manager("Activate"));
    (void)polkit->question(0);
    be_active(std::nullopt);
    polkit->answer(0, true);
    EXPECT_EQ(alice->wait(activation).error, "");
    EXPECT_THAT(host->asked(), IsEmpty());
}

TEST_F(Authorisation, TheHostMayCallHomeDuringThePrompt) {
    polkit->set_answer(Answer::Later);
    const int activation = alice->start(manager("Activate"));
    (void)polkit->question(0);
    host->run([](FakeControlPort& port) { port.observer->on_called_home(); });
    EXPECT_EQ(alice->wait(activation).error, kCancelled);
    polkit->wait_withdrawn(0);
    polkit->answer(0, true); // too late
    alice->sync();
    EXPECT_THAT(host->asked(), IsEmpty());
}

TEST_F(Authorisation, NobodyIsAskedForAPasswordThatCanNotHelp) {
    host->run([](FakeControlPort& port) { port.snapshot.blocked = "the host is locked"; });
    const auto outcome = alice->call(manager("Activate"));
    EXPECT_EQ(outcome.error, "org.spicykvm.Error.Blocked");
    EXPECT_EQ(outcome.message, "the host is locked");
    EXPECT_EQ(polkit->question_count(), 0U);
    be_active(kAlice);
    EXPECT_EQ(alice->call(manager("Deactivate")).error, "") << "the way home is never shut";
}

TEST_F(Authorisation, ThePromptIsForTheTargetThatWasTheDefaultThen) {
    polkit->set_answer(Answer::Later);
    const int activation = alice->start(manager("Activate"));
    EXPECT_THAT(polkit->question(0).details, ElementsAre(std::pair("target", "win11")));
    host->run([](FakeControlPort& port) { port.snapshot.default_target = "work"; });
    polkit->answer(0, true);
    EXPECT_EQ(alice->wait(activation).error, "");
    EXPECT_THAT(host->asked(), ElementsAre("activate win11 by 1"));
}

TEST_F(Authorisation, OneUserHasAFewPromptsAndTheOthersTheRest) {
    polkit->set_answer(Answer::Later);
    for (int i = 0; i < 8; ++i) {
        (void)alice->start(manager("Activate"));
    }
    (void)polkit->question(7);
    EXPECT_EQ(alice->call(manager("Activate")).error, dbus::kErrorLimitsExceeded);
    BusClient bob(kBob);
    (void)bob.start(manager("Activate"));
    (void)polkit->question(8);
    EXPECT_EQ(polkit->question_count(), 9U);
}

TEST_F(Authorisation, AFloodOfActivationsDoesNotShutTheWayHome) {
    polkit->set_answer(Answer::Later);
    std::vector<std::unique_ptr<BusClient>> crowd;
    for (const uid_t uid : {kBob, uid_t{3}, uid_t{4}, kNobody}) {
        crowd.push_back(std::make_unique<BusClient>(uid));
        for (int i = 0; i < 8; ++i) {
            (void)crowd.back()->start(manager("Activate"));
        }
    }
    (void)polkit->question(31);
    EXPECT_EQ(alice->call(manager("Activate")).error, dbus::kErrorLimitsExceeded);
    be_active(kAlice);
    EXPECT_EQ(alice->call(manager("Deactivate")).error, "");
    for (std::size_t i = 0; i < 32; ++i) {
        polkit->wait_withdrawn(i);
    }
}

TEST(SessionBus, ServesTheDaemonsOwnUserWithoutPolkit) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "needs root: the clients are of different users";
    }
    const PrivateBus bus;
    FakePolkit polkit(Answer::Yes);
    ServiceHost host({.bus = BusKind::Session, .run_as = {}});
    BusClient own;
    EXPECT_EQ(own.call(manager("Activate")).error, "");
    BusClient alice(kAlice);
    EXPECT_EQ(alice.call(manager("Deactivate")).error, dbus::kErrorAccessDenied);
    EXPECT_EQ(alice.call(manager("Reload")).error, dbus::kErrorAccessDenied);
    EXPECT_EQ(own.call(manager("Deactivate")).error, "");
    EXPECT_EQ(polkit.question_count(), 0U);
}

} // namespace
} // namespace spicykvm::test
