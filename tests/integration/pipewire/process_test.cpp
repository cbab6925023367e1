// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the data thread must not do.
#include "base/fd.h"
#include "rig.h"
#include "session/pipewire/streams.h"
#include "unit/session/audio/allocations.h"

#include <atomic>
#include <sys/epoll.h>
#include <sys/eventfd.h>

namespace spicykvm::test {

namespace {

/// Counts what another one allocates on the data thread.
class Counted final : public session::Processor {
  public:
    explicit Counted(session::Processor& processor) : processor_(processor) {}

    void process(pw_stream& stream) noexcept override {
        const std::size_t before = audio::test::allocations();
        processor_.process(stream);
        allocations += audio::test::allocations() - before;
        ++calls;
    }

    std::atomic<std::size_t> allocations = 0;
    std::atomic<unsigned> calls = 0;

  private:
    session::Processor& processor_;
};

/// A graph, and what nodes need, without the server object around it.
class DataThread : public testing::Test {
  protected:
    DataThread() {
        source = loop.add_io(session::fd_of(*pipewire_loop), EPOLLIN,
                             [this](std::uint32_t) { session::iterate(*pipewire_loop); });
        auto opened = session::Connection::open(*context, {[](const std::string&) {}, [] {}});
        connection = std::move(opened.value());
        hub.connection = connection.get();
    }
    bool run_until(const std::function<bool()>& condition) {
        return test::run_until(loop, condition);
    }
    void expect_none_allocated(Counted& counted) {
        // The first calls come before and after the state is set up; then, two hundred.
        ASSERT_TRUE(run_until([&] { return counted.calls > 20; }));
        const unsigned begin = counted.calls;
        ASSERT_TRUE(run_until([&] { return counted.calls > begin + 200; }));
        EXPECT_EQ(counted.allocations, 0U) << "in " << counted.calls << " calls";
    }

    PrivatePipeWire pipewire;
    GraphClient graph;
    EventLoop loop;
    session::PipeWireLibrary library;
    session::LoopPtr pipewire_loop{pw_loop_new(nullptr)};
    session::ContextPtr context{pw_context_new(
        pipewire_loop.get(), pw_properties_new(PW_KEY_CONFIG_NAME, "client-rt.conf", nullptr), 0)};
    EventSource source;
    std::unique_ptr<session::Connection> connection;
    session::Hub hub{loop, nullptr, "", false, {}};
};

TEST_F(DataThread, AllocatesNothingWhenItPlays) {
    audio::PlaybackShared shared;
    audio::PlaybackSource guest_end(shared, patient(), audio::VolumeLaw::Ignore);
    GuestSound guest(loop, guest_end, tone(kTone));
    session::PlaybackProcess process(shared, 256);
    Counted counted(process);
    session::StreamNode node(hub, SPA_DIRECTION_OUTPUT, stream_settings("guest"), counted, [] {});
    node.set_active(true);
    guest.start();
    ASSERT_TRUE(run_until([&] { return graph.link("guest", "test-sink"); }));
    expect_none_allocated(counted);
}

TEST_F(DataThread, AllocatesNothingWhenItRecords) {
    TonePlayer player(graph, "tone", kTone);
    audio::RecordShared shared;
    const Fd recorded(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    session::CaptureProcess process(shared, recorded.get());
    Counted counted(process);
    session::StreamNode node(hub, SPA_DIRECTION_INPUT, stream_settings("microphone"), counted,
                             [] {});
    node.set_active(true);
    ASSERT_TRUE(run_until([&] { return graph.link("tone", "test-source"); }));
    ASSERT_TRUE(run_until([&] { return graph.link("test-source", "microphone"); }));
    expect_none_allocated(counted);
}

TEST_F(DataThread, ANodeMayBeDestroyedWhenItTellsOfAChange) {
    audio::PlaybackShared shared;
    session::PlaybackProcess process(shared, 256);
    std::unique_ptr<session::StreamNode> node;
    node = std::make_unique<session::StreamNode>(
        hub, SPA_DIRECTION_OUTPUT, stream_settings("guest"), process, [&] { node.reset(); });
    ASSERT_TRUE(run_until([&] { return node == nullptr; }));
    EXPECT_TRUE(hub.nodes.empty());
}

} // namespace

} // namespace spicykvm::test
