// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/fd.h"
#include "rig.h"

#include <cstdint>
#include <cstdio>
#include <gmock/gmock.h>
#include <span>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <vector>

namespace spicykvm::test {

namespace {

using testing::IsEmpty;

constexpr std::size_t kSecond = 48000;

/// A microphone that hears a tone, and the one who sends to the guest what comes of it.
class Capture : public testing::Test {
  protected:
    void open(const std::string& device = {}) {
        stream = rig.server.open_capture(
            stream_settings("microphone", device), shared, [this] { ++changes; }, recorded.get());
    }
    /// All links, and a second of the tone.
    void begin() {
        ASSERT_TRUE(rig.link("tone", "test-source"));
        open();
        stream->set_active(true);
        ASSERT_TRUE(rig.link("test-source", "microphone"));
        ASSERT_TRUE(hear(kSecond));
    }
    bool hear(std::size_t more) {
        const std::size_t until = heard.size() + more;
        return rig.run_until([&] { return heard.size() >= until; });
    }

    /// As the sending side does: what is new, when told.
    void drain() {
        std::uint64_t count = 0;
        ASSERT_EQ(::read(recorded.get(), &count, sizeof count), static_cast<ssize_t>(sizeof count));
        wakes += count;
        const audio::Frames end = shared.ring.end();
        std::vector<audio::PackedFrame> frames(static_cast<std::size_t>(end - next));
        shared.ring.read(next, frames);
        next = end;
        for (const audio::PackedFrame frame : frames) {
            heard.push_back(static_cast<float>(audio::left_of(frame)) / 32768);
            balanced = balanced && audio::left_of(frame) == audio::right_of(frame);
        }
    }

    PipeWireRig rig;
    TonePlayer player{*rig.graph, "tone", kTone};
    audio::RecordShared shared;
    Fd recorded{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    EventSource source =
        rig.loop.add_io(recorded.get(), EPOLLIN, [this](std::uint32_t) { drain(); });
    audio::Frames next = 0;
    std::vector<float> heard;
    bool balanced = true; ///< both channels are the same
    std::uint64_t wakes = 0;
    unsigned changes = 0;
    std::unique_ptr<SoundStream> stream;
};

TEST_F(Capture, AToneArrivesAsItWasRecorded) {
    begin();
    balanced = true; // at first, one channel was linked before the other
    const std::size_t from = heard.size();
    ASSERT_TRUE(hear(2 * kSecond));
    const std::span all(heard);
    const auto status = stream->status();
    // What the graph missed is missing; it is not known when the player of the tone missed some.
    EXPECT_GE(purity_of(longest_tone(all.subspan(from), kTone), kTone), 80);
    EXPECT_TRUE(balanced);
    EXPECT_EQ(status.state, StreamState::Running);
    EXPECT_THAT(status.problem, IsEmpty());
    EXPECT_GE(status.quantum, 256);
    EXPECT_GE(shared.quantum.load(), 256);
    EXPECT_GT(wakes, 0U);
    EXPECT_GT(changes, 0U);
}

TEST_F(Capture, TheNodeIsThereOnlyWhileTheStreamIs) {
    ASSERT_TRUE(rig.run_until([&] { return rig.graph->has_node("tone"); }));
    EXPECT_FALSE(rig.graph->has_node("microphone"));
    open();
    ASSERT_TRUE(rig.run_until([&] { return rig.graph->has_node("microphone"); }));
    stream.reset();
    const TimePoint dropped = Clock::now();
    ASSERT_TRUE(rig.run_until([&] { return !rig.graph->has_node("microphone"); }));
    const auto gone = std::chrono::duration_cast<Microseconds>(Clock::now() - dropped);
    std::printf("gone after %.2f ms\n", static_cast<double>(gone.count()) / 1000);
}

TEST_F(Capture, NothingIsRecordedAfterTheStreamIsDropped) {
    begin();
    stream.reset();
    const audio::Frames end = shared.ring.end();
    ASSERT_TRUE(rig.run_until([&] { return !rig.graph->has_node("microphone"); }));
    EXPECT_EQ(shared.ring.end(), end);
}

TEST_F(Capture, ACorkedStreamRecordsNothing) {
    begin();
    stream->set_active(false);
    ASSERT_TRUE(rig.run_until([&] { return stream->status().state == StreamState::Corked; }));
    const audio::Frames end = shared.ring.end();
    stream->set_active(true);
    ASSERT_TRUE(rig.run_until([&] { return shared.ring.end() > end; }));
    ASSERT_TRUE(hear(kSecond));
}

TEST_F(Capture, AMicrophoneThatIsNotThereIsWaitedFor) {
    open("late-source");
    stream->set_active(true);
    ASSERT_TRUE(rig.run_until([&] { return !stream->status().problem.empty(); }));
    ASSERT_TRUE(rig.run_until(
        [&] { return stream->status().problem == "no sound device late-source: waiting for it"; }));
    EXPECT_EQ(stream->status().state, StreamState::Waiting);
    EXPECT_FALSE(rig.graph->has_node("microphone"));
    rig.graph->add_sink("late-source");
    EXPECT_TRUE(rig.run_until([&] { return rig.graph->has_node("microphone"); }));
    EXPECT_TRUE(rig.run_until([&] { return stream->status().problem.empty(); }));
    rig.graph->remove("late-source");
    EXPECT_TRUE(rig.run_until([&] { return !rig.graph->has_node("microphone"); }));
}

TEST_F(Capture, ADeviceIsKnownByItsSerialToo) {
    ASSERT_TRUE(rig.run_until([&] { return !rig.graph->serial_of("test-source").empty(); }));
    open(rig.graph->serial_of("test-source"));
    EXPECT_TRUE(rig.run_until([&] { return rig.graph->has_node("microphone"); }));
    EXPECT_THAT(stream->status().problem, IsEmpty());
}

} // namespace

} // namespace spicykvm::test
