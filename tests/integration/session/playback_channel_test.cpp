// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The playback channel against a real libspice-server.
#include "session/playback_channel.h"
#include "sound_rig.h"
#include "support/socket_pair.h"

#include <atomic>
#include <cmath>
#include <gmock/gmock.h>
#include <thread>

namespace spicykvm::test {
namespace {

using namespace std::chrono_literals;
using audio::Frames;
using core::AudioKind;
using session::ChannelOffer;
using session::PlaybackChannel;
using testing::HasSubstr;

constexpr Frames kPacket = audio::kPacketFrames;

ChannelOffer offer() {
    ChannelOffer offer{"win11", AudioKind::Playback, {}};
    offer.settings.description = "Windows";
    offer.settings.device = "speaker";
    offer.settings.same_clock = true;
    return offer;
}

/// Its frames have numbers.
std::vector<std::uint32_t> packet(std::uint32_t number) {
    std::vector<std::uint32_t> frames(static_cast<std::size_t>(kPacket));
    for (std::uint32_t i = 0; i < frames.size(); ++i) {
        frames[i] = number * 480 + i + 1;
    }
    return frames;
}

class Playback : public SoundRig {
  protected:
    void open() {
        channel = std::make_unique<PlaybackChannel>(
            loop(), sound, link(spice::ChannelType::Playback), offer(), 13ms, callbacks());
        channel->set_gain(1);
    }
    void open_and_start() {
        open();
        server->with_sound([](SpiceSound& card) { card.start_playback(); });
        ASSERT_TRUE(run_until([&] { return channel->is_live(); }));
    }
    /// Packets with these numbers. The server replaces one that it could not send by the next.
    void play(std::uint32_t from, std::uint32_t to) {
        for (std::uint32_t number = from; number < to; ++number) {
            bool taken = false;
            server->with_sound([&](SpiceSound& card) { taken = card.play(packet(number)); });
            ASSERT_TRUE(taken) << number;
        }
    }
    /// So that none is replaced: each when the one before is here.
    void play_all(std::uint32_t from, std::uint32_t to) {
        for (std::uint32_t number = from; number < to; ++number) {
            const Frames before = ring().end();
            play(number, number + 1);
            ASSERT_TRUE(run_until([&] { return ring().end() > before; })) << number;
        }
    }
    const audio::SampleRing& ring() { return sound.stream().playback->ring; }
    bool arrived(Frames end) {
        return run_until([&] { return ring().end() >= end; }) && ring().end() == end;
    }
    void expect_packets(Frames position, std::uint32_t from, std::uint32_t to) {
        for (std::uint32_t number = from; number < to; ++number, position += kPacket) {
            std::vector<audio::PackedFrame> got(static_cast<std::size_t>(kPacket));
            ASSERT_TRUE(ring().read(position, got));
            ASSERT_EQ(got, packet(number)) << number;
        }
    }

    std::unique_ptr<PlaybackChannel> channel;
};

INSTANTIATE_TEST_SUITE_P(Over, Playback, testing::Bool(),
                         [](const auto& instance) { return instance.param ? "Unix" : "Tcp"; });

TEST_P(Playback, SamplesArriveExactly) {
    open_and_start();
    play_all(0, 40);
    ASSERT_TRUE(arrived(40 * kPacket));
    expect_packets(0, 0, 40);
    EXPECT_EQ(channel->report().state, "running");
    EXPECT_EQ(channel->report().problem, "");
}

TEST_P(Playback, TheStreamSaysWhoseItIs) {
    open();
    EXPECT_EQ(sound.stream().settings.node_name, "spicykvm.win11.playback");
    EXPECT_EQ(sound.stream().settings.application, "spicykvm.win11");
    EXPECT_EQ(sound.stream().settings.description, "Windows");
    EXPECT_EQ(sound.stream().settings.device, "speaker");
    EXPECT_EQ(channel->report().node, "spicykvm.win11.playback");
    EXPECT_EQ(channel->report().state, "idle");
}

TEST_P(Playback, TheStreamIsCorkedUntilTheVmPlays) {
    open();
    EXPECT_FALSE(sound.stream().is_active);
    server->with_sound([](SpiceSound& card) { card.start_playback(); });
    EXPECT_TRUE(run_until([&] { return sound.stream().is_active; }));
    server->with_sound([](SpiceSound& card) { card.stop_playback(); });
    EXPECT_TRUE(run_until([&] { return !channel->is_live(); }));
    EXPECT_TRUE(sound.stream().is_active); // for half a minute
}

TEST_P(Playback, WhatTheSocketHeldIsStale) {
    server->with_sound([](SpiceSound& card) { card.start_playback(); });
    Fd socket = link(spice::ChannelType::Playback);
    play(100, 110);
    channel = std::make_unique<PlaybackChannel>(loop(), sound, std::move(socket), offer(), 13ms,
                                                callbacks());
    ASSERT_TRUE(run_until([&] { return channel->is_live(); }));
    const auto jitter = channel->jitter();
    EXPECT_EQ(ring().end(), 0);
    play_all(0, 3);
    ASSERT_TRUE(arrived(3 * kPacket));
    expect_packets(0, 0, 3);
    EXPECT_EQ(channel->jitter(), jitter);
}

TEST_P(Playback, StopsAndStartsAgain) {
    open_and_start();
    for (std::uint32_t round = 0; round < 5; ++round) {
        play_all(round * 3, round * 3 + 3);
        ASSERT_TRUE(arrived((round + 1) * 3 * kPacket));
        server->with_sound([](SpiceSound& card) { card.stop_playback(); });
        ASSERT_TRUE(run_until([&] { return !channel->is_live(); }));
        server->with_sound([](SpiceSound& card) { card.start_playback(); });
        ASSERT_TRUE(run_until([&] { return channel->is_live(); }));
    }
    expect_packets(0, 0, 15);
}

TEST_P(Playback, VolumeAndMuteHoldWheneverTheyCome) {
    server->with_sound([](SpiceSound& card) { card.set_playback_volume({65535, 0}); });
    open();
    const auto gain_is = [&](audio::StereoGain gain) {
        return run_until([&] { return sound.stream().playback->guest.get() == gain; });
    };
    EXPECT_TRUE(gain_is({1, 0}));
    server->with_sound([](SpiceSound& card) { card.set_playback_mute(true); });
    EXPECT_TRUE(gain_is({0, 0}));
    server->with_sound([](SpiceSound& card) {
        card.start_playback();
        card.stop_playback();
        card.set_playback_volume({65535, 65535});
        card.set_playback_mute(false);
    });
    EXPECT_TRUE(gain_is({1, 1}));
}

TEST_P(Playback, ElsewhereItIsSilentButInTime) {
    open_and_start();
    channel->set_gain(0);
    EXPECT_EQ(channel->report().state, "muted");
    EXPECT_EQ(sound.stream().playback->focus.get(), (audio::StereoGain{0, 0}));
    play_all(0, 5);
    EXPECT_TRUE(arrived(5 * kPacket));
    channel->set_gain(0.5);
    EXPECT_EQ(sound.stream().playback->focus.get(), (audio::StereoGain{0.5, 0.5}));
    EXPECT_EQ(channel->report().state, "running");
}

TEST_P(Playback, TheServersEndIsNoticed) {
    open_and_start();
    server.reset();
    ASSERT_TRUE(run_until([&] { return !ends.empty(); }));
    EXPECT_EQ(ends.at(0).code, ErrorCode::Disconnected);
    EXPECT_EQ(ends.at(0).message, "the VM closed it");
    channel.reset();
    EXPECT_EQ(sound.open_streams(), 0u);
}

TEST_P(Playback, AServerThatStoodStillGoesOn) {
    open_and_start();
    play_all(0, 2);
    ASSERT_TRUE(arrived(2 * kPacket));
    {
        const SpiceServer::Stall stall(*server);
        const TimePoint until = Clock::now() + 300ms;
        ASSERT_TRUE(run_until([&] { return Clock::now() >= until; }));
    }
    // The server may have pinged meanwhile, and drops sound that would wait for that.
    std::uint32_t number = 2;
    ASSERT_TRUE(run_until([&] {
        play(number, number + 1);
        ++number;
        return ring().end() >= 20 * kPacket;
    }));
    EXPECT_TRUE(ends.empty());
}

/// A device on a thread of its own, at the real pace; hears how loud it gets.
class Device {
  public:
    explicit Device(audio::PlaybackSink& sink) : thread_([this, &sink] { run(sink); }) {}
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    ~Device() {
        stop_ = true;
        thread_.join();
    }
    [[nodiscard]] float loudest() const { return loudest_; }

  private:
    void run(audio::PlaybackSink& sink) {
        constexpr Frames kQuantum = 256;
        std::array<float, 2 * kQuantum> output{};
        const TimePoint begin = Clock::now();
        for (Frames ticks = 0; !stop_; ticks += kQuantum) {
            const TimePoint now = begin + audio::duration_of(ticks);
            while (Clock::now() < now && !stop_) {
                std::this_thread::yield();
            }
            (void)sink.pull({now, ticks, 48000, kQuantum}, output);
            for (const float sample : output) {
                loudest_ = std::max(loudest_.load(), std::abs(sample));
            }
        }
    }
    std::atomic<bool> stop_{false};
    std::atomic<float> loudest_{0};
    std::thread thread_;
};

TEST_P(Playback, IsHeard) {
    open_and_start();
    const Device device(*sound.stream().sink);
    const std::vector<std::uint32_t> loud(static_cast<std::size_t>(kPacket),
                                          audio::pack(16384, 16384));
    ASSERT_TRUE(run_until([&] {
        server->with_sound([&](SpiceSound& card) { (void)card.play(loud); });
        return device.loudest() > 0.4F;
    }));
}

struct Rig {
    explicit Rig(SocketPair& pair)
        : channel(loop, sound, std::move(pair.ours), offer(), 13ms,
                  {[] {}, [this](const Error& error) { end = error; }}) {}
    bool ended() {
        return run_until(loop, [&] { return end.has_value(); });
    }
    EventLoop loop;
    FakeSoundServer sound;
    std::optional<Error> end;
    PlaybackChannel channel;
};

TEST(PlaybackPeer, GarbageEndsTheChannelWithOneLine) {
    SocketPair pair;
    Rig rig(pair);
    pair.write_peer(Wire().fill(4096, 0xee));
    ASSERT_TRUE(rig.ended());
    EXPECT_EQ(*rig.end, (Error{ErrorCode::Protocol, "the VM sent a message of more than 1 MiB"}));
}

TEST(PlaybackPeer, AShortMessageEndsTheChannelWithOneLine) {
    SocketPair pair;
    Rig rig(pair);
    pair.write_peer(Wire().message(SPICE_MSG_PLAYBACK_START, Wire().u32(2)));
    ASSERT_TRUE(rig.ended());
    EXPECT_EQ(*rig.end, (Error{ErrorCode::Protocol, "the VM sent a message that is too short"}));
}

TEST(PlaybackPeer, ThatPingsAndNeverReadsIsGivenUp) {
    SocketPair pair;
    pair.shrink();
    Rig rig(pair);
    const auto ping = Wire().message(SPICE_MSG_PING, Wire().u32(1).u64(2)).get();
    ASSERT_TRUE(run_until(rig.loop, [&] {
        while (::send(pair.peer.get(), ping.data(), ping.size(), MSG_NOSIGNAL) > 0) {
        }
        return rig.end.has_value();
    }));
    EXPECT_THAT(rig.end->message, HasSubstr("takes no answers"));
}

TEST(PlaybackPeer, DroppingTheChannelHangsUp) {
    SocketPair pair;
    std::optional<Rig> rig(pair);
    rig.reset();
    EXPECT_TRUE(pair.peer_at_end());
}

} // namespace
} // namespace spicykvm::test
