// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The whole way of sound: a real libspice-server, spicykvmd, spicykvm-session, a real PipeWire.
#include "integration/session/status_text.h"
#include "session/audio/frames.h"
#include "session/audio/sample_ring.h"
#include "support/child_process.h"
#include "support/graph_client.h"
#include "support/guest_sound.h"
#include "support/pipewire.h"
#include "support/private_bus.h"
#include "support/run_until.h"
#include "support/socket_folder.h"
#include "support/sound_streams.h"
#include "support/spice_server.h"
#include "support/spice_sound.h"
#include "support/temp_folder.h"
#include "support/tone_check.h"

#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>

namespace spicykvm::test {
namespace {

using testing::HasSubstr;

constexpr double kGuestTone = 1000;
constexpr double kMicrophoneTone = 750;
constexpr const char* kPlayer = "spicykvm.default.playback";
constexpr const char* kMicrophone = "spicykvm.default.record";
/// Unbroken: 85 ms. More would be a question of how busy the machine is.
constexpr std::size_t kLongEnough = 4096;

SpiceServerSettings with_sound(const std::string& path) {
    SpiceServerSettings settings;
    settings.unix_path = path;
    settings.has_sound = true;
    return settings;
}

class WholeSound : public testing::Test {
  protected:
    WholeSound() {
        ::setenv("XDG_STATE_HOME", folder_.path().c_str(), 1);
        daemon_ = ChildProcess({SPICYKVMD, "--bus", "session", "--config", config(), "--spice-host",
                                socket_, "--playback", "", "--playback-persistent", "--record", "",
                                "--record-persistent"},
                               folder_.path() / "daemon.log");
        start_session();
        server_.with_sound([](SpiceSound& sound) { sound.start_playback(); });
        tick();
    }
    void start_session() {
        session_ =
            ChildProcess({SPICYKVM_SESSION, "--bus", "session"}, folder_.path() / "session.log");
    }
    void kill_session() { session_.kill(); }

    bool until(const std::function<bool()>& condition) {
        return run_until(loop_, condition, std::chrono::seconds(30));
    }
    bool link(const std::string& from, const std::string& to) {
        return until([&] { return graph_.link(from, to); });
    }
    bool hears_the_guest() {
        const std::size_t from = speaker_.size();
        return until(
            [&] { return longest_tone(speaker_.samples(from), kGuestTone).size() >= kLongEnough; });
    }
    /// Each look is a call to the daemon.
    bool status_has(const std::string& text) {
        return until([&] { return status_text().find(text) != std::string::npos; });
    }
    void guest_records(bool records) {
        server_.with_sound([&](SpiceSound& sound) {
            if (records) {
                sound.start_record();
            } else {
                sound.stop_record();
            }
        });
        records_ = records;
    }

    GraphClient& graph() { return graph_; }
    std::vector<float> recorded_; ///< by the guest

  private:
    std::string config() const {
        const auto path = folder_.path() / "config.toml";
        std::ofstream(path) << "";
        return path;
    }
    /// The guest's timer.
    void tick() {
        const auto now = Clock::now() - began_;
        std::vector<std::uint32_t> packet(SpiceSound::kPacket);
        server_.with_sound([&](SpiceSound& sound) {
            while (audio::duration_of(played_ + audio::kPacketFrames) <= now) {
                for (auto& frame : packet) {
                    const auto sample = static_cast<std::int16_t>(wave_(played_++) * 16000);
                    frame = audio::pack(sample, sample);
                }
                (void)sound.play(packet);
            }
            const auto due = static_cast<audio::Frames>(audio::frames_in(now));
            if (records_) {
                for (const auto frame : sound.read(static_cast<std::size_t>(due - read_))) {
                    recorded_.push_back(static_cast<float>(audio::left_of(frame)) / 32768);
                }
            }
            read_ = due;
        });
        timer_.arm_after(Milliseconds(10));
    }

    TempFolder folder_;
    SocketFolder sockets_;
    const std::string socket_ = sockets_.socket();
    SpiceServer server_{with_sound(socket_)};
    PrivatePipeWire pipewire_;
    PrivateBus bus_;
    GraphClient graph_;
    Recorder speaker_{graph_, "speaker"};
    TonePlayer voice_{graph_, "voice", kMicrophoneTone};
    ChildProcess daemon_;
    ChildProcess session_;
    EventLoop loop_;
    Timer timer_{loop_, [this] { tick(); }};
    const TimePoint began_ = Clock::now();
    const std::function<double(audio::Frames)> wave_ = tone(kGuestTone);
    audio::Frames played_ = 0;
    audio::Frames read_ = 0;
    bool records_ = false;
};

TEST_F(WholeSound, TheGuestIsHeardAndHears) {
    ASSERT_TRUE(link(kPlayer, "test-sink"));
    ASSERT_TRUE(link("test-sink", "speaker"));
    EXPECT_TRUE(hears_the_guest());
    EXPECT_TRUE(status_has("\"running\""));
    EXPECT_THAT(status_text(), HasSubstr("latency_us"));

    ASSERT_TRUE(link("voice", "test-source"));
    EXPECT_FALSE(graph().has_node(kMicrophone)) << "nobody records yet";
    guest_records(true);
    ASSERT_TRUE(link("test-source", kMicrophone));
    EXPECT_TRUE(
        until([&] { return longest_tone(recorded_, kMicrophoneTone).size() >= kLongEnough; }));
    guest_records(false);
    EXPECT_TRUE(until([&] { return !graph().has_node(kMicrophone); }));
}

TEST_F(WholeSound, AKilledSessionFreesItsChannelsForTheNext) {
    ASSERT_TRUE(link(kPlayer, "test-sink"));
    ASSERT_TRUE(link("test-sink", "speaker"));
    ASSERT_TRUE(hears_the_guest());
    kill_session();
    ASSERT_TRUE(until([&] { return !graph().has_node(kPlayer); }));
    EXPECT_TRUE(until([] {
        const std::string text = status_text();
        return text.find("latency_us") == std::string::npos;
    })) << "the daemon has forgotten it";
    start_session();
    ASSERT_TRUE(link(kPlayer, "test-sink"));
    EXPECT_TRUE(hears_the_guest());
}

} // namespace
} // namespace spicykvm::test
