// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The program itself, with the real service over fake channels; PipeWire does not run.
#include "status_text.h"
#include "support/child_process.h"
#include "support/private_bus.h"
#include "support/service_host.h"
#include "support/temp_folder.h"
#include "support/wire.h"

#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <poll.h>
#include <spice/enums.h>

namespace spicykvm::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class SessionProcess : public testing::Test {
  protected:
    SessionProcess() {
        // Nobody's real session is touched.
        ::setenv("XDG_RUNTIME_DIR", folder.path().c_str(), 1);
        ::setenv("PIPEWIRE_RUNTIME_DIR", folder.path().c_str(), 1);
        ::setenv("XDG_STATE_HOME", folder.path().c_str(), 1);
        bus = std::make_unique<PrivateBus>();
        ServiceSettings settings;
        settings.bus = BusKind::Session;
        daemon = std::make_unique<ServiceHost>(settings);
        daemon->with_audio([](FakeAudioPort& port) {
            core::AudioChannel channel;
            channel.target = "win11";
            channel.settings.when = core::AudioWhen::Always;
            port.channels = {channel};
        });
    }
    void run(std::vector<std::string> options = {"--bus", "session"}) {
        options.insert(options.begin(), SPICYKVM_SESSION);
        process = ChildProcess(options, log);
    }
    /// Each look is a call to the daemon, and so takes its time.
    bool status_has(const std::string& text) {
        const TimePoint deadline = Clock::now() + std::chrono::seconds(10);
        while (status_text().find(text) == std::string::npos) {
            if (Clock::now() > deadline) {
                return false;
            }
        }
        return true;
    }
    int peer() {
        int fd = -1;
        daemon->with_audio([&](FakeAudioPort& port) { fd = port.socket.peer.get(); });
        return fd;
    }
    std::string logged() {
        std::ifstream file(log);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    TempFolder folder;
    const std::filesystem::path log = folder.path() / "log";
    std::unique_ptr<PrivateBus> bus;
    std::unique_ptr<ServiceHost> daemon;
    ChildProcess process;
};

TEST_F(SessionProcess, TakesTheChannelAndReports) {
    run();
    ASSERT_TRUE(status_has("spicykvm.win11.playback"));
    EXPECT_THAT(daemon->audio_asked(), Contains("open win11 playback"));
    EXPECT_THAT(status_text(), HasSubstr("\"idle\""));
    const auto start =
        Wire().message(SPICE_MSG_PLAYBACK_START, Wire().u32(2).u16(1).u32(48000).u32(0)).get();
    ASSERT_EQ(::send(peer(), start.data(), start.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(start.size()));
    EXPECT_TRUE(status_has("\"waiting\""));
    EXPECT_TRUE(status_has("PipeWire"));
}

TEST_F(SessionProcess, EndsInGoodOrder) {
    run();
    ASSERT_TRUE(status_has("spicykvm.win11.playback"));
    process.terminate();
    // The channel has ended, though the daemon still has the socket.
    pollfd end{peer(), POLLIN, 0};
    ASSERT_EQ(::poll(&end, 1, 10'000), 1);
    std::uint8_t byte = 0;
    EXPECT_EQ(::recv(end.fd, &byte, 1, 0), 0);
    EXPECT_THAT(logged(), Not(HasSubstr("critical")));
}

TEST_F(SessionProcess, WithoutABusItEndsAndSaysSo) {
    run();
    ASSERT_TRUE(status_has("spicykvm.win11.playback"));
    daemon.reset();
    bus->stop();
    EXPECT_EQ(process.wait(), 1);
    EXPECT_THAT(logged(), HasSubstr("the message bus is gone"));
}

TEST_F(SessionProcess, AWrongCommandLineEndsItAtOnce) {
    run({"--bus", "tram"});
    EXPECT_EQ(process.wait(), 2);
    EXPECT_THAT(logged(), HasSubstr("--bus"));
}

} // namespace
} // namespace spicykvm::test
