// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The client of the daemon against the real service on a private bus.
#include "session/daemon_client.h"
#include "status_text.h"
#include "support/private_bus.h"
#include "support/run_until.h"
#include "support/service_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spicykvm::test {
namespace {

using core::AudioKind;
using session::ChannelOffer;
using session::DaemonClient;
using testing::HasSubstr;

core::AudioChannel listed(const char* target, AudioKind kind) {
    core::AudioChannel channel;
    channel.target = target;
    channel.kind = kind;
    channel.description = "Windows";
    channel.settings.when = core::AudioWhen::Always;
    channel.settings.inactive_gain = -6;
    channel.same_clock = true;
    return channel;
}

class DaemonOnBus : public testing::Test, public session::DaemonObserver {
  protected:
    DaemonOnBus() {
        auto opened = Bus::open(loop, BusKind::Session);
        if (!opened) {
            throw std::runtime_error(opened.error().message);
        }
        bus = std::move(*opened);
        client = std::make_unique<DaemonClient>(*bus);
        client->observe(this);
    }
    ~DaemonOnBus() override { client->observe(nullptr); }

    void start_daemon() {
        ServiceSettings settings;
        settings.bus = BusKind::Session;
        settings.run_as = {};
        daemon.emplace(settings);
        ASSERT_TRUE(daemon->published());
        daemon->with_audio([](FakeAudioPort& port) {
            port.change({listed("win11", AudioKind::Playback), listed("win11", AudioKind::Record)});
        });
    }
    bool until(const std::function<bool()>& condition) { return run_until(loop, condition); }
    bool offered(std::size_t count) {
        return until([&] { return offers.size() == count; });
    }
    Result<Fd> open(const char* target, AudioKind kind) {
        std::optional<Result<Fd>> answer;
        client->open_channel(target, kind, [&](Result<Fd> given) { answer = std::move(given); });
        if (!until([&] { return answer.has_value(); })) {
            throw std::runtime_error("no answer");
        }
        return std::move(*answer);
    }
    PrivateBus private_bus;
    std::optional<ServiceHost> daemon;
    EventLoop loop;
    std::unique_ptr<Bus> bus;
    std::unique_ptr<DaemonClient> client;
    std::vector<ChannelOffer> offers;
    std::string active = "unknown";

  private:
    void on_offers(std::vector<ChannelOffer> now) override { offers = std::move(now); }
    void on_active_target(const std::string& target) override { active = target; }
};

TEST_F(DaemonOnBus, HearsWhatIsOfferedWhenTheDaemonComes) {
    start_daemon();
    ASSERT_TRUE(offered(2));
    EXPECT_EQ(offers[0].target, "win11");
    EXPECT_EQ(offers[0].kind, AudioKind::Playback);
    EXPECT_EQ(offers[0].settings.description, "Windows");
    EXPECT_EQ(offers[0].settings.when, core::AudioWhen::Always);
    EXPECT_EQ(offers[0].settings.inactive_gain, -6);
    EXPECT_TRUE(offers[0].settings.same_clock);
    EXPECT_EQ(offers[1].kind, AudioKind::Record);
    EXPECT_EQ(active, "");
}

TEST_F(DaemonOnBus, FindsADaemonThatWasThereBefore) {
    start_daemon();
    ASSERT_TRUE(offered(2));
    client->observe(nullptr);
    offers.clear();
    client = std::make_unique<DaemonClient>(*bus);
    client->observe(this);
    EXPECT_TRUE(offered(2));
}

TEST_F(DaemonOnBus, FollowsChanges) {
    start_daemon();
    ASSERT_TRUE(offered(2));
    daemon->with_audio(
        [](FakeAudioPort& port) { port.change({listed("work", AudioKind::Record)}); });
    ASSERT_TRUE(offered(1));
    EXPECT_EQ(offers[0].target, "work");
}

TEST_F(DaemonOnBus, ADaemonThatIsGoneOffersNothing) {
    start_daemon();
    ASSERT_TRUE(offered(2));
    daemon.reset();
    EXPECT_TRUE(offered(0));
    start_daemon();
    EXPECT_TRUE(offered(2));
}

TEST_F(DaemonOnBus, IsActiveOnlyWhenKeyboardAndMouseAreThere) {
    start_daemon();
    ASSERT_TRUE(offered(2));
    using core::SwitchState;
    const auto set = [&](SwitchState state) {
        daemon->run([&](FakeControlPort& port) { port.set_state(state, "win11", {}); });
    };
    set(SwitchState::Active);
    EXPECT_TRUE(until([&] { return active == "win11"; }));
    set(SwitchState::Deactivating);
    EXPECT_TRUE(until([&] { return active.empty(); }));
    set(SwitchState::Active);
    EXPECT_TRUE(until([&] { return active == "win11"; }));
    daemon.reset();
    EXPECT_TRUE(until([&] { return active.empty(); }));
}

TEST_F(DaemonOnBus, HandsOverASocket) {
    start_daemon();
    ASSERT_TRUE(offered(2));
    auto socket = open("win11", AudioKind::Playback);
    ASSERT_TRUE(socket) << socket.error().message;
    daemon->with_audio([](FakeAudioPort& port) { port.socket.write_peer(Wire().u8(42)); });
    std::uint8_t byte = 0;
    ASSERT_TRUE(until([&] { return ::recv(socket->get(), &byte, 1, MSG_DONTWAIT) == 1; }));
    EXPECT_EQ(byte, 42);
}

TEST_F(DaemonOnBus, SaysWhyThereIsNone) {
    start_daemon();
    ASSERT_TRUE(offered(2));
    daemon->with_audio([](FakeAudioPort& port) {
        port.failure = Error{ErrorCode::NotFound, "no target \"win12\" in the configuration"};
    });
    const auto socket = open("win12", AudioKind::Playback);
    ASSERT_FALSE(socket);
    EXPECT_EQ(socket.error().code, ErrorCode::NotFound);
    EXPECT_THAT(socket.error().message, HasSubstr("win12"));
}

TEST_F(DaemonOnBus, WithoutADaemonThereIsAnErrorAndNoWait) {
    const auto socket = open("win11", AudioKind::Playback);
    ASSERT_FALSE(socket);
    EXPECT_FALSE(socket.error().message.empty());
}

TEST_F(DaemonOnBus, ReportsReachTheStatus) {
    start_daemon();
    ASSERT_TRUE(offered(2));
    const auto socket = open("win11", AudioKind::Playback);
    ASSERT_TRUE(socket);
    session::ChannelReport report;
    report.state = "running";
    report.hint = "a hint to be seen";
    report.latency_us = 14'567;
    client->report("win11", AudioKind::Playback, report);
    EXPECT_TRUE(
        until([&] { return status_text().find("a hint to be seen") != std::string::npos; }));
    EXPECT_THAT(status_text(), HasSubstr("14567"));
}

TEST_F(DaemonOnBus, ALostBusIsNoMishap) {
    start_daemon();
    ASSERT_TRUE(offered(2));
    bool lost = false;
    bus->on_disconnected([&] { lost = true; });
    private_bus.stop();
    ASSERT_TRUE(until([&] { return lost; }));
    EXPECT_FALSE(open("win11", AudioKind::Playback));
    client->report("win11", AudioKind::Playback, {});
}

} // namespace
} // namespace spicykvm::test
