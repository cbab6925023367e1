// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The record channel against a real libspice-server.
#include "session/record_channel.h"
#include "sound_rig.h"
#include "support/socket_pair.h"

#include <algorithm>

namespace spicykvm::test {
namespace {

using namespace std::chrono_literals;
using audio::Frames;
using core::AudioKind;
using session::ChannelOffer;
using session::RecordChannel;

constexpr Frames kQuantum = 256;
constexpr float kLoud = 0.5F;

ChannelOffer offer() {
    ChannelOffer offer{"win11", AudioKind::Record, {}};
    offer.settings.description = "Windows";
    return offer;
}

/// The microphone's device, at the real pace.
class Microphone {
  public:
    /// The blocks that are due.
    void deliver(const FakeSoundServer::Stream& stream) {
        std::array<float, 2 * kQuantum> loud{};
        loud.fill(kLoud);
        while (Clock::now() >= due()) {
            ticks_ += kQuantum;
            stream.deliver({due(), ticks_, 48000, kQuantum}, loud);
        }
    }

  private:
    [[nodiscard]] TimePoint due() const { return begin_ + audio::duration_of(ticks_); }
    const TimePoint begin_ = Clock::now();
    Frames ticks_ = 0;
};

class Record : public SoundRig {
  protected:
    void open(float gain = 1) {
        channel = std::make_unique<RecordChannel>(loop(), sound, link(spice::ChannelType::Record),
                                                  offer(), callbacks());
        channel->set_gain(gain);
    }
    void open_and_start(float gain = 1) {
        open(gain);
        server->with_sound([](SpiceSound& card) { card.start_record(); });
        ASSERT_TRUE(run_until([&] { return channel->is_live(); }));
    }
    /// As QEMU does each tick; true once it was loud.
    bool guest_hears_it() {
        Microphone microphone;
        return run_until([&] {
            if (sound.open_streams() > 0) {
                microphone.deliver(sound.stream());
            }
            server->with_sound([&](SpiceSound& card) {
                for (const std::uint32_t frame : card.read(8192)) {
                    heard = std::max(heard, std::int16_t(std::abs(audio::left_of(frame))));
                }
            });
            return heard > 16000;
        });
    }

    std::unique_ptr<RecordChannel> channel;
    std::int16_t heard = 0;
};

INSTANTIATE_TEST_SUITE_P(Over, Record, testing::Bool(),
                         [](const auto& instance) { return instance.param ? "Unix" : "Tcp"; });

TEST_P(Record, LinkingOpensNoMicrophone) {
    open();
    EXPECT_TRUE(sound.streams.empty());
    EXPECT_EQ(channel->report().state, "idle");
    EXPECT_EQ(channel->report().node, "spicykvm.win11.record");
}

TEST_P(Record, TheGuestHearsTheMicrophone) {
    open_and_start();
    ASSERT_EQ(sound.open_streams(), 1u);
    EXPECT_TRUE(sound.stream().is_active);
    EXPECT_EQ(sound.stream().settings.node_name, "spicykvm.win11.record");
    EXPECT_EQ(channel->report().state, "running");
    EXPECT_TRUE(guest_hears_it());
}

TEST_P(Record, StopClosesTheMicrophone) {
    open_and_start();
    ASSERT_TRUE(guest_hears_it());
    server->with_sound([](SpiceSound& card) { card.stop_record(); });
    ASSERT_TRUE(run_until([&] { return sound.open_streams() == 0; }));
    EXPECT_FALSE(channel->is_live());
    EXPECT_EQ(channel->report().state, "idle");
}

TEST_P(Record, StartsAgainAndIsHeardAgain) {
    open_and_start();
    ASSERT_TRUE(guest_hears_it());
    server->with_sound([](SpiceSound& card) { card.stop_record(); });
    ASSERT_TRUE(run_until([&] { return sound.open_streams() == 0; }));
    server->with_sound([](SpiceSound& card) { card.start_record(); });
    ASSERT_TRUE(run_until([&] { return sound.open_streams() == 1; }));
    heard = 0;
    EXPECT_TRUE(guest_hears_it());
    EXPECT_EQ(sound.streams.size(), 2u);
}

TEST_P(Record, LeavingClosesTheMicrophoneAtOnce) {
    open_and_start();
    channel->set_gain(0);
    EXPECT_EQ(sound.open_streams(), 0u);
    EXPECT_EQ(channel->report().state, "muted");
    channel->set_gain(1);
    EXPECT_EQ(sound.open_streams(), 1u);
    EXPECT_TRUE(guest_hears_it());
}

TEST_P(Record, AStartElsewhereIsRemembered) {
    open_and_start(0);
    EXPECT_TRUE(sound.streams.empty());
    EXPECT_EQ(channel->report().state, "muted");
    channel->set_gain(1);
    EXPECT_EQ(sound.open_streams(), 1u);
    EXPECT_TRUE(guest_hears_it());
}

TEST_P(Record, ComingBackInTheSameRecordingIsHeard) {
    open_and_start();
    ASSERT_TRUE(guest_hears_it());
    channel->set_gain(0);
    server->with_sound([](SpiceSound& card) { (void)card.read(8192); });
    heard = 0;
    channel->set_gain(1);
    EXPECT_TRUE(guest_hears_it());
}

TEST_P(Record, StartAndStopWithinOneTickLeaveNothingOpen) {
    open_and_start();
    ASSERT_TRUE(guest_hears_it());
    server->with_sound([](SpiceSound& card) {
        card.stop_record();
        for (int i = 0; i < 10; ++i) {
            card.start_record();
            card.stop_record();
        }
    });
    ASSERT_TRUE(run_until([&] { return !channel->is_live() && sound.open_streams() == 0; }));
    heard = 0;
    server->with_sound([](SpiceSound& card) { card.start_record(); });
    EXPECT_TRUE(guest_hears_it());
    EXPECT_EQ(sound.open_streams(), 1u);
}

TEST_P(Record, StopAndStartWithinOneTickGoOn) {
    open_and_start();
    ASSERT_TRUE(guest_hears_it());
    server->with_sound([](SpiceSound& card) {
        card.stop_record();
        card.start_record();
    });
    heard = 0;
    EXPECT_TRUE(guest_hears_it());
    EXPECT_EQ(sound.open_streams(), 1u);
}

TEST_P(Record, VolumeIsOfTheMicrophone) {
    open_and_start();
    server->with_sound([](SpiceSound& card) { card.set_record_volume({0, 65535}); });
    EXPECT_TRUE(run_until([&] {
        return sound.stream().record->guest.get() == audio::StereoGain{0, 1};
    }));
    server->with_sound([](SpiceSound& card) { card.set_record_mute(true); });
    EXPECT_TRUE(run_until([&] {
        return sound.stream().record->guest.get() == audio::StereoGain{0, 0};
    }));
}

TEST_P(Record, AServerThatStandsStillKeepsNobodyWaiting) {
    open_and_start();
    ASSERT_TRUE(guest_hears_it());
    {
        const SpiceServer::Stall stall(*server);
        Microphone microphone;
        const TimePoint until = Clock::now() + 300ms;
        ASSERT_TRUE(run_until([&] {
            microphone.deliver(sound.stream());
            return Clock::now() >= until;
        }));
    }
    heard = 0;
    EXPECT_TRUE(guest_hears_it());
    EXPECT_TRUE(ends.empty());
}

TEST_P(Record, TheServersEndIsNoticed) {
    open_and_start();
    server.reset();
    ASSERT_TRUE(run_until([&] { return !ends.empty(); }));
    EXPECT_EQ(ends.at(0).message, "the VM closed it");
    channel.reset();
    EXPECT_EQ(sound.open_streams(), 0u);
}

struct Rig {
    explicit Rig(SocketPair& pair)
        : channel(loop, sound, std::move(pair.ours), offer(),
                  {[] {}, [this](const Error& error) { end = error; }}) {
        channel.set_gain(1);
    }
    EventLoop loop;
    FakeSoundServer sound;
    std::optional<Error> end;
    RecordChannel channel;
};

TEST(RecordPeer, ThatTakesNothingCostsSoundAndNoMemory) {
    SocketPair pair;
    Rig rig(pair);
    pair.write_peer(Wire().message(SPICE_MSG_RECORD_START, Wire().u32(2).u16(1).u32(48000)));
    ASSERT_TRUE(run_until(rig.loop, [&] { return rig.sound.open_streams() == 1; }));
    Microphone microphone;
    const TimePoint until = Clock::now() + 400ms;
    ASSERT_TRUE(run_until(rig.loop, [&] {
        microphone.deliver(rig.sound.stream());
        return Clock::now() >= until;
    }));
    // What lies in the socket is what the server gets late: little more than its gate needs.
    EXPECT_LE(pair.read_peer().size(), (4096 + 9600) * 4U);
    EXPECT_FALSE(rig.end);
}

TEST(RecordPeer, GarbageEndsTheChannelWithOneLine) {
    SocketPair pair;
    Rig rig(pair);
    pair.write_peer(Wire().fill(4096, 0xee));
    ASSERT_TRUE(run_until(rig.loop, [&] { return rig.end.has_value(); }));
    EXPECT_EQ(*rig.end, (Error{ErrorCode::Protocol, "the VM sent a message of more than 1 MiB"}));
}

TEST(RecordPeer, ThatRecordsInAnotherFormatGetsNothing) {
    SocketPair pair;
    Rig rig(pair);
    pair.write_peer(Wire().message(SPICE_MSG_RECORD_START, Wire().u32(1).u16(1).u32(16000)));
    ASSERT_TRUE(run_until(rig.loop, [&] { return !rig.channel.report().problem.empty(); }));
    EXPECT_TRUE(rig.sound.streams.empty());
    EXPECT_TRUE(pair.read_peer().empty());
}

} // namespace
} // namespace spicykvm::test
