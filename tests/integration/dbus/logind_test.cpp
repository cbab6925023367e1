// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the daemon makes of logind: the real edge, a private bus, and a logind whose sessions, locks
// and suspends the test chooses.
#include "fixture.h"
#include "service/seat_watch.h"
#include "support/fake_logind.h"
#include "support/run_until.h"

#include <cstdlib>
#include <gmock/gmock.h>

namespace spicykvm::test {
namespace {

using core::SeatSession;
using core::SeatState;
using Lock = SeatSession::Lock;
using service::Logind;
using service::LogindSettings;

constexpr const char* kSleep = "PrepareForSleep";
constexpr const char* kShutdown = "PrepareForShutdown";

/// A switch that is home at once, or when the test says so.
struct RecordingPort final : core::SeatPort {
    std::vector<SeatState> states;
    std::vector<Home> homes;
    unsigned lock_requests = 0;
    bool at_once = true;

    void on_seat(const SeatState& state, Home home) override {
        states.push_back(state);
        if (home) {
            homes.push_back(home);
            if (at_once) {
                home();
            }
        }
    }
    void on_lock_request() override { ++lock_requests; }
};

class LogindTest : public testing::Test {
  protected:
    void start(const LogindSettings& settings = {}) {
        auto opened = Bus::open(loop, BusKind::System);
        ASSERT_TRUE(opened) << opened.error().message;
        connection = std::move(*opened);
        logind.emplace(*connection, port, settings);
        logind->when_known([this] { ++known; });
        ASSERT_TRUE(until([this] { return known == 1; }));
    }
    /// A logind with two users, of whom the first is on the seat.
    void start_with_two_users(const LogindSettings& settings = {}) {
        host.emplace(two_users(), "1");
        start(settings);
    }
    static std::map<std::string, FakeLogind::Session> two_users() {
        return {{"1", {.uid = 1000}}, {"2", {.uid = 1001}}, {"c1", {.uid = 42, .kind = "greeter"}}};
    }

    bool until(const std::function<bool()>& condition) { return run_until(loop, condition); }
    bool until_session(const std::string& id, Lock lock) {
        return until([&] {
            return !port.states.empty() && port.states.back().session &&
                   port.states.back().session->id == id && port.states.back().session->lock == lock;
        });
    }
    bool until_suspending(bool suspending) {
        return until([&] { return port.states.back().suspending == suspending; });
    }
    /// The fake may have to wait for this side meanwhile.
    bool until_inhibitors(std::size_t count) {
        return until([&] { return host->inhibitors() == count; });
    }

    PrivateBus bus;
    EventLoop loop;
    std::optional<FakeLogind> host;
    RecordingPort port;
    unsigned known = 0;
    std::unique_ptr<Bus> connection;
    std::optional<Logind> logind;
};

TEST_F(LogindTest, SaysWhoIsOnTheSeatAndHoldsADelayInhibitor) {
    start_with_two_users();
    const SeatState& state = port.states.back();
    EXPECT_TRUE(state.known);
    EXPECT_EQ(state.session, (SeatSession{"1", 1000, Lock::Open}));
    EXPECT_FALSE(state.suspending);
    EXPECT_FALSE(state.shutting_down);
    EXPECT_EQ(state.only_for, std::nullopt);
    EXPECT_TRUE(until_inhibitors(1));
    EXPECT_EQ(host->last_inhibit(), "sleep spicykvm delay");
}

TEST_F(LogindTest, SaysThatNobodyIsThere) {
    host.emplace();
    start();
    EXPECT_TRUE(port.states.back().known);
    EXPECT_EQ(port.states.back().session, std::nullopt);
}

TEST_F(LogindTest, AnotherSessionIsToldBeforeMoreIsKnownOfIt) {
    start_with_two_users();
    port.states.clear();
    host->activate_session("2");
    ASSERT_TRUE(until_session("2", Lock::Open));
    ASSERT_EQ(port.states.size(), 2U);
    EXPECT_EQ(port.states[0].session, (SeatSession{"2", std::nullopt, Lock::Unknown}));
    EXPECT_EQ(port.states[1].session, (SeatSession{"2", 1001, Lock::Open}));
}

TEST_F(LogindTest, ATerminalWithoutASessionIsToldAndTheWayBack) {
    start_with_two_users();
    host->activate_session("");
    EXPECT_TRUE(until([this] { return !port.states.back().session; }));
    host->activate_session("1");
    EXPECT_TRUE(until_session("1", Lock::Open));
}

TEST_F(LogindTest, ALockIsToldAndItsEnd) {
    start_with_two_users();
    host->set_locked("1", true);
    EXPECT_TRUE(until_session("1", Lock::Locked));
    host->set_locked("1", false);
    EXPECT_TRUE(until_session("1", Lock::Open));
}

TEST_F(LogindTest, ALockThatIsThereIsFound) {
    auto sessions = two_users();
    sessions["1"].locked = true;
    host.emplace(sessions, "1");
    start();
    EXPECT_EQ(port.states.back().session->lock, Lock::Locked);
}

TEST_F(LogindTest, TheLockOfAnotherSessionIsNotOurs) {
    start_with_two_users();
    port.states.clear();
    host->set_locked("2", true);
    host->activate_session("2");
    ASSERT_TRUE(until_session("2", Lock::Locked));
    EXPECT_EQ(port.states.size(), 2U);
}

TEST_F(LogindTest, ALoginScreenIsNobodysSession) {
    start_with_two_users();
    host->activate_session("c1");
    EXPECT_TRUE(until_session("c1", Lock::LoginScreen));
}

TEST_F(LogindTest, ARequestToLockIsPassedOnForTheActiveSessionAlone) {
    start_with_two_users();
    host->request_lock("2");
    host->request_lock("1");
    EXPECT_TRUE(until([this] { return port.lock_requests > 0; }));
    host->set_locked("1", true);
    ASSERT_TRUE(until_session("1", Lock::Locked));
    EXPECT_EQ(port.lock_requests, 1U);
}

TEST_F(LogindTest, ASuspendWaitsUntilAllIsHome) {
    start_with_two_users();
    ASSERT_TRUE(until_inhibitors(1));
    port.at_once = false;
    host->prepare(kSleep, true);
    ASSERT_TRUE(until_suspending(true));
    ASSERT_EQ(port.homes.size(), 1U);
    host->set_locked("1", true); // as desktops do before a suspend
    ASSERT_TRUE(until_session("1", Lock::Locked));
    EXPECT_EQ(host->inhibitors(), 1U) << "not all is home yet";
    port.homes[0]();
    EXPECT_TRUE(until_inhibitors(0));
    EXPECT_TRUE(port.states.back().suspending);
    EXPECT_EQ(host->inhibit_calls(), 1U) << "not again before the host is back";
    host->prepare(kSleep, false);
    EXPECT_TRUE(until_suspending(false));
    EXPECT_TRUE(until_inhibitors(1));
    EXPECT_EQ(host->inhibit_calls(), 2U);
}

TEST_F(LogindTest, ASuspendDoesNotWaitForEver) {
    LogindSettings settings;
    settings.delay = Milliseconds{50};
    start_with_two_users(settings);
    ASSERT_TRUE(until_inhibitors(1));
    port.at_once = false;
    host->prepare(kSleep, true);
    ASSERT_TRUE(until_suspending(true));
    EXPECT_TRUE(until_inhibitors(0));
    port.homes[0](); // too late, and harmless
    host->prepare(kSleep, false);
    EXPECT_TRUE(until_inhibitors(1));
}

TEST_F(LogindTest, WhatWasHomeForAnEarlierSuspendIsNotForThisOne) {
    start_with_two_users();
    ASSERT_TRUE(until_inhibitors(1));
    port.at_once = false;
    host->prepare(kSleep, true);
    ASSERT_TRUE(until_suspending(true));
    host->prepare(kSleep, false);
    ASSERT_TRUE(until_suspending(false));
    ASSERT_TRUE(until([this] { return host->inhibit_calls() == 2 && host->inhibitors() == 1; }));
    host->prepare(kSleep, true);
    ASSERT_TRUE(until_suspending(true));
    port.homes.at(0)();
    host->request_lock("1");
    ASSERT_TRUE(until([this] { return port.lock_requests == 1; }));
    EXPECT_EQ(host->inhibitors(), 1U);
    port.homes.at(1)();
    EXPECT_TRUE(until_inhibitors(0));
}

TEST_F(LogindTest, AShutdownIsToldAndThatItWasCalledOff) {
    start_with_two_users();
    host->prepare(kShutdown, true);
    EXPECT_TRUE(until([this] { return port.states.back().shutting_down; }));
    host->prepare(kShutdown, false);
    EXPECT_TRUE(until([this] { return !port.states.back().shutting_down; }));
}

TEST_F(LogindTest, WithoutTheInhibitorASuspendIsToldAllTheSame) {
    host.emplace(two_users(), "1", FakeLogind::Faults{.inhibit_refused = true});
    start();
    ASSERT_TRUE(until([this] { return host->inhibit_calls() == 1; }));
    host->prepare(kSleep, true);
    EXPECT_TRUE(until_suspending(true));
    host->prepare(kSleep, false);
    EXPECT_TRUE(until_suspending(false));
    EXPECT_TRUE(until([this] { return host->inhibit_calls() == 2; })) << "it may be let now";
}

TEST_F(LogindTest, WithoutLogindNothingIsInTheWay) {
    start();
    EXPECT_TRUE(port.states.empty());
    host.emplace(two_users(), "1"); // it comes later
    EXPECT_TRUE(until_session("1", Lock::Open));
    EXPECT_TRUE(until_inhibitors(1));
}

TEST_F(LogindTest, ARestartOfLogindIsFollowed) {
    start_with_two_users();
    ASSERT_TRUE(until_inhibitors(1));
    host->set_locked("1", true);
    ASSERT_TRUE(until_session("1", Lock::Locked));
    host->prepare(kSleep, true);
    ASSERT_TRUE(until_suspending(true));
    host.reset();
    ASSERT_TRUE(until_suspending(false)) << "nobody would tell the end of it";
    EXPECT_EQ(port.states.back().session->lock, Lock::Locked) << "a lock does not go with logind";
    host.emplace(two_users(), "2");
    EXPECT_TRUE(until_session("2", Lock::Open));
    EXPECT_TRUE(until_inhibitors(1));
    host->activate_session("1");
    EXPECT_TRUE(until_session("1", Lock::Open));
    EXPECT_EQ(known, 1U);
}

TEST_F(LogindTest, ASessionThatCanNotBeReadCountsAsOpen) {
    host.emplace(two_users(), "1", FakeLogind::Faults{.sessions_fail = true});
    start();
    EXPECT_EQ(port.states.back().session, (SeatSession{"1", std::nullopt, Lock::Open}));
}

TEST_F(LogindTest, ASessionIsNotKnownToBeOpenBeforeLogindSaysSo) {
    host.emplace(two_users(), "", FakeLogind::Faults{.mute = true});
    start();
    host->activate_session("1");
    EXPECT_TRUE(until_session("1", Lock::Unknown));
    host->wait_session_reads(1);
    host->activate_session("");
    EXPECT_TRUE(until([this] { return !port.states.back().session; }));
}

/// Sends a signal to one connection alone, as any process on the bus can.
class Forger {
  public:
    Forger() { EXPECT_GE(sd_bus_open_system(&bus_), 0); }
    Forger(const Forger&) = delete;
    Forger& operator=(const Forger&) = delete;
    ~Forger() { sd_bus_flush_close_unref(bus_); }

    void send(const std::string& to, const char* path, const char* interface, const char* member,
              const BusClient::Append& append) {
        sd_bus_message* message = nullptr;
        ASSERT_GE(sd_bus_message_new_signal(bus_, &message, path, interface, member), 0);
        append(message);
        EXPECT_GE(sd_bus_message_set_destination(message, to.c_str()), 0);
        EXPECT_GE(sd_bus_send(bus_, message, nullptr), 0);
        sd_bus_message_unref(message);
        // The bus daemon has passed it on when it answers.
        EXPECT_GE(sd_bus_call_method(bus_, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                     "org.freedesktop.DBus", "GetId", nullptr, nullptr, ""),
                  0);
    }

  private:
    sd_bus* bus_ = nullptr;
};

TEST_F(LogindTest, SomebodyElsesSignalsCountForNothing) {
    start_with_two_users();
    host->set_locked("1", true);
    ASSERT_TRUE(until_session("1", Lock::Locked));
    port.states.clear();
    const std::string me = connection->connection().getUniqueName();
    Forger forger;
    forger.send(me, "/org/freedesktop/login1", "org.freedesktop.login1.Manager", kSleep,
                [](sd_bus_message* message) { sd_bus_message_append(message, "b", 1); });
    forger.send(me, "/org/freedesktop/login1/session/s1", "org.freedesktop.DBus.Properties",
                "PropertiesChanged", [](sd_bus_message* message) {
                    sd_bus_message_append(message, "sa{sv}as", "org.freedesktop.login1.Session", 1,
                                          "LockedHint", "b", 0, 0);
                });
    forger.send(me, "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameOwnerChanged",
                [](sd_bus_message* message) {
                    sd_bus_message_append(message, "sss", "org.freedesktop.login1", ":1.0", "");
                });
    host->request_lock("1"); // comes after these
    ASSERT_TRUE(until([this] { return port.lock_requests == 1; }));
    EXPECT_TRUE(port.states.empty());
}

/// A daemon on the session bus, which is another bus than the system's.
class SeatWatchTest : public LogindTest {
  protected:
    void SetUp() override {
        session_bus.emplace();
        auto opened = Bus::open(loop, BusKind::Session);
        ASSERT_TRUE(opened) << opened.error().message;
        own = std::move(*opened);
        ::setenv("DBUS_SYSTEM_BUS_ADDRESS", bus.address().c_str(), 1);
    }
    void watch() {
        seat.emplace(*own, port, "seat0", [this] { ++known; });
        ASSERT_TRUE(until([this] { return known == 1; }));
    }

    std::optional<PrivateBus> session_bus;
    std::unique_ptr<Bus> own;
    std::optional<service::SeatWatch> seat;
};

TEST_F(SeatWatchTest, FindsLogindOnTheSystemBus) {
    host.emplace(two_users(), "1");
    watch();
    EXPECT_TRUE(until_session("1", Lock::Open));
}

TEST_F(SeatWatchTest, ServesItsOwnUserAlone) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "needs root: the daemon is another user's";
    }
    host.emplace(two_users(), "1");
    {
        const ActAs somebody(kNobody);
        watch();
    }
    EXPECT_EQ(port.states.back().only_for, kNobody);
}

TEST_F(SeatWatchTest, GoesWithoutASystemBus) {
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/socket", 1);
    watch();
    EXPECT_TRUE(port.states.empty());
}

TEST_F(SeatWatchTest, ForgetsWhatALostBusCanNotTakeBack) {
    auto sessions = two_users();
    sessions["1"].locked = true;
    host.emplace(sessions, "1");
    watch();
    ASSERT_TRUE(until_session("1", Lock::Locked));
    bus.stop();
    EXPECT_TRUE(until([this] { return port.states.back() == SeatState{}; }));
}

} // namespace
} // namespace spicykvm::test
