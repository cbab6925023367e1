// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/channels.h"
#include "support/fake_sound_server.h"
#include "support/run_until.h"
#include "support/socket_pair.h"
#include "support/temp_folder.h"

#include <algorithm>
#include <deque>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spice/enums.h>

namespace spicykvm::session {

namespace {

using namespace std::chrono_literals;
using test::Wire;
using testing::ElementsAre;
using testing::IsEmpty;

/// Answers when the test wants it.
class FakeDaemon final : public DaemonPort {
  public:
    struct Question {
        std::string name;
        Opened opened;
    };

    void open_channel(const std::string& target, AudioKind kind, Opened opened) override {
        const std::string name = target + " " + std::string(to_string(kind));
        asked.push_back(name);
        questions.push_back({name, std::move(opened)});
    }
    void report(const std::string& target, AudioKind kind, const ChannelReport& report) override {
        reports.push_back(target + " " + std::string(to_string(kind)) + " " + report.state);
    }

    /// The oldest question; the VM's end is in `sockets`.
    void give() {
        Question question = take();
        sockets[question.name] = std::make_unique<test::SocketPair>();
        question.opened(std::move(sockets[question.name]->ours));
    }
    void refuse(ErrorCode code, const char* message) {
        take().opened(tl::make_unexpected(Error{code, message}));
    }

    std::vector<std::string> asked;
    std::deque<Question> questions;
    std::vector<std::string> reports;
    std::map<std::string, std::unique_ptr<test::SocketPair>> sockets;

  private:
    Question take() {
        Question question = std::move(questions.at(0));
        questions.pop_front();
        return question;
    }
};

ChannelOffer offer(const char* target, AudioKind kind, AudioWhen when = AudioWhen::Always) {
    ChannelOffer offer{target, kind, {}};
    offer.settings.when = when;
    return offer;
}

const ChannelOffer kSound = offer("win11", AudioKind::Playback);
const ChannelOffer kMicrophone = offer("win11", AudioKind::Record, AudioWhen::Active);

class ChannelsTest : public testing::Test {
  protected:
    ChannelsTest() { make(); }
    void make() {
        Channels::Settings settings;
        settings.retry_min = settings.retry_max = 10ms;
        settings.report_every = settings.report_soonest = 10ms;
        channels.reset();
        channels.emplace(loop, sound, daemon, jitter, settings);
    }
    bool until(const std::function<bool()>& condition) { return test::run_until(loop, condition); }
    bool asked_times(std::size_t count) {
        return until([&] { return daemon.asked.size() >= count; });
    }
    test::SocketPair& vm(const std::string& name) { return *daemon.sockets.at(name); }
    void record(const char* target) {
        vm(std::string(target) + " record")
            .write_peer(Wire().message(SPICE_MSG_RECORD_START, Wire().u32(2).u16(1).u32(48000)));
    }
    void play(const char* target) {
        vm(std::string(target) + " playback")
            .write_peer(
                Wire().message(SPICE_MSG_PLAYBACK_START, Wire().u32(2).u16(1).u32(48000).u32(0)));
    }
    /// Node names of the streams that are open.
    std::vector<std::string> nodes() {
        std::vector<std::string> names;
        for (const auto& stream : sound.streams) {
            if (stream->is_open) {
                names.push_back(stream->settings.node_name);
            }
        }
        return names;
    }
    bool nodes_become(const std::vector<std::string>& names) {
        return until([&] { return nodes() == names; });
    }
    bool told(const std::string& report) {
        return until([&] { return std::ranges::count(daemon.reports, report) > 0; });
    }

    test::TempFolder folder;
    EventLoop loop;
    test::FakeSoundServer sound;
    FakeDaemon daemon;
    JitterStore jitter{folder.path() / "state" / "jitter"};
    std::optional<Channels> channels;
};

TEST_F(ChannelsTest, AsksForWhatIsOffered) {
    channels->on_offers({kSound, kMicrophone});
    EXPECT_THAT(daemon.asked, ElementsAre("win11 playback", "win11 record"));
    EXPECT_THAT(nodes(), IsEmpty());
    daemon.give();
    daemon.give();
    EXPECT_THAT(nodes(), ElementsAre("spicykvm.win11.playback"));
    EXPECT_TRUE(told("win11 playback idle"));
    EXPECT_TRUE(told("win11 record idle"));
}

TEST_F(ChannelsTest, AsksOnce) {
    channels->on_offers({kSound});
    channels->on_offers({kSound});
    daemon.give();
    channels->on_offers({kSound});
    EXPECT_EQ(daemon.asked.size(), 1u);
    EXPECT_EQ(sound.streams.size(), 1u);
}

TEST_F(ChannelsTest, ClosesWhatIsNoLongerOffered) {
    channels->on_offers({kSound, kMicrophone});
    daemon.give();
    daemon.give();
    channels->on_offers({kMicrophone});
    EXPECT_THAT(nodes(), IsEmpty());
    EXPECT_TRUE(vm("win11 playback").peer_at_end());
    EXPECT_FALSE(vm("win11 record").peer_at_end());
}

TEST_F(ChannelsTest, AnAnswerThatNobodyWaitsForIsDropped) {
    channels->on_offers({kSound});
    channels->on_offers({});
    daemon.give();
    EXPECT_TRUE(vm("win11 playback").peer_at_end());
    EXPECT_TRUE(sound.streams.empty());
    channels->on_offers({kSound});
    channels.reset();
    daemon.give();
    EXPECT_TRUE(vm("win11 playback").peer_at_end());
}

TEST_F(ChannelsTest, TriesAgainAfterAnError) {
    channels->on_offers({kSound});
    daemon.refuse(ErrorCode::Busy, "another process has it");
    EXPECT_EQ(daemon.asked.size(), 1u);
    channels->on_offers({kSound}); // no reason to hurry
    EXPECT_EQ(daemon.asked.size(), 1u);
    ASSERT_TRUE(asked_times(2));
    daemon.refuse(ErrorCode::AccessDenied, "not the active user");
    ASSERT_TRUE(asked_times(3));
    daemon.give();
    EXPECT_EQ(sound.open_streams(), 1u);
}

TEST_F(ChannelsTest, AChannelThatEndsIsAskedForAgain) {
    channels->on_offers({kSound});
    daemon.give();
    vm("win11 playback").peer.reset();
    ASSERT_TRUE(asked_times(2));
    EXPECT_EQ(sound.open_streams(), 0u);
    daemon.give();
    EXPECT_EQ(sound.open_streams(), 1u);
}

TEST_F(ChannelsTest, AnotherDeviceIsAnotherStream) {
    channels->on_offers({kSound});
    daemon.give();
    ChannelOffer changed = kSound;
    changed.settings.device = "headset";
    channels->on_offers({changed});
    EXPECT_TRUE(vm("win11 playback").peer_at_end());
    daemon.give();
    EXPECT_EQ(sound.stream().settings.device, "headset");
    EXPECT_EQ(sound.open_streams(), 1u);
}

TEST_F(ChannelsTest, WhenItIsHeardChangesWithoutAGap) {
    channels->on_offers({kSound});
    daemon.give();
    EXPECT_EQ(sound.stream().playback->focus.get(), (audio::StereoGain{1, 1}));
    channels->on_offers({offer("win11", AudioKind::Playback, AudioWhen::Active)});
    EXPECT_EQ(daemon.asked.size(), 1u);
    EXPECT_EQ(sound.stream().playback->focus.get(), (audio::StereoGain{0, 0}));
    channels->on_active_target("win11");
    EXPECT_EQ(sound.stream().playback->focus.get(), (audio::StereoGain{1, 1}));
    channels->on_active_target("");
    EXPECT_EQ(sound.stream().playback->focus.get(), (audio::StereoGain{0, 0}));
}

TEST_F(ChannelsTest, AMicrophoneFollowsKeyboardAndMouse) {
    channels->on_offers({kMicrophone});
    daemon.give();
    record("win11");
    ASSERT_TRUE(told("win11 record muted"));
    EXPECT_THAT(nodes(), IsEmpty());
    channels->on_active_target("win11");
    EXPECT_THAT(nodes(), ElementsAre("spicykvm.win11.record"));
    ASSERT_TRUE(told("win11 record running"));
    channels->on_active_target("");
    EXPECT_THAT(nodes(), IsEmpty());
}

TEST_F(ChannelsTest, TheMicrophoneIsOneVmsAtATime) {
    channels->on_offers({offer("a", AudioKind::Record), offer("b", AudioKind::Record)});
    daemon.give();
    daemon.give();
    record("b");
    ASSERT_TRUE(nodes_become({"spicykvm.b.record"}));
    record("a");
    ASSERT_TRUE(nodes_become({"spicykvm.a.record"})); // the first in order
    channels->on_active_target("b");
    EXPECT_THAT(nodes(), ElementsAre("spicykvm.b.record"));
    channels->on_active_target("a");
    EXPECT_THAT(nodes(), ElementsAre("spicykvm.a.record"));
    vm("a record").peer.reset();
    ASSERT_TRUE(nodes_become({"spicykvm.b.record"}));
}

TEST_F(ChannelsTest, AllVmsAreHeardAtOnce) {
    channels->on_offers({offer("a", AudioKind::Playback), offer("b", AudioKind::Playback)});
    daemon.give();
    daemon.give();
    channels->on_active_target("a");
    for (const auto& stream : sound.streams) {
        EXPECT_EQ(stream->playback->focus.get(), (audio::StereoGain{1, 1}));
    }
}

TEST_F(ChannelsTest, TellsStatesAndOtherNews) {
    channels->on_offers({kSound});
    daemon.give();
    play("win11");
    ASSERT_TRUE(told("win11 playback running"));
    const std::size_t before = daemon.reports.size();
    sound.stream().status.underruns = 5; // no event of its own
    ASSERT_TRUE(until([&] { return daemon.reports.size() > before; }));
    sound.stream().status.state = StreamState::Waiting;
    sound.stream().changed();
    EXPECT_TRUE(told("win11 playback waiting"));
}

TEST_F(ChannelsTest, WhatIsLearnedOutlivesChannelAndProcess) {
    jitter.learn("win11", 4ms);
    channels->on_offers({kSound});
    daemon.give();
    channels->on_offers({});
    EXPECT_EQ(jitter.of("win11"), 4ms); // what the channel began with, and ended with
    EXPECT_EQ(JitterStore(folder.path() / "state" / "jitter").of("win11"), 4ms);
}

} // namespace

} // namespace spicykvm::session
