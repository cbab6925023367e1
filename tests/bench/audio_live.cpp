// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The real streams in a private PipeWire, without a sound card. What the machine is busy with
// counts here.
#include "bench/audio_live.h"

#include "base/log.h"
#include "bench/samples.h"
#include "session/pipewire/pipewire_server.h"
#include "support/click_check.h"
#include "support/pipewire.h"
#include "support/run_until.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <memory>

namespace spicykvm::bench {

namespace {

using test::GraphClient;
using test::Recorder;

constexpr unsigned kRestarts = 5;
constexpr std::size_t kClicks = 100;
constexpr audio::Frames kPeriod = 4800;

/// A guest up to a stream of the session process.
struct Playing {
    explicit Playing(const std::function<double(audio::Frames)>& wave)
        : source(shared, {}, audio::VolumeLaw::Ignore), guest(loop, source, wave), server(loop),
          stream(server.open_playback({"guest", "spicykvm bench", "A guest", "", 256}, shared,
                                      [] {})) {
        stream->set_active(true);
        guest.start();
    }
    bool run_until(const std::function<bool()>& condition) {
        return test::run_until(loop, condition);
    }

    EventLoop loop;
    audio::PlaybackShared shared;
    audio::PlaybackSource source;
    test::GuestSound guest;
    session::PipeWireServer server;
    std::unique_ptr<session::SoundStream> stream;
};

bool is_heard(const Recorder& recorder) {
    const auto samples = recorder.samples();
    return std::any_of(samples.begin(), samples.end(), [](float sample) { return sample > 0.4F; });
}

/// Until a recorder of the sink's monitor, opened now, has heard the tone.
bool hear(Playing& playing) {
    GraphClient graph;
    const Recorder recorder(graph, "recorder",
                            {{"stream.capture.sink", "true"}, {"target.object", "test-sink"}});
    return playing.run_until([&] { return is_heard(recorder); });
}

Samples restarts() {
    Samples times;
    log("session").set_level(spdlog::level::err); // it is gone on purpose
    test::PrivatePipeWire pipewire({48000, true});
    Playing playing(test::tone(1000));
    bool good = hear(playing);
    for (unsigned i = 0; i < kRestarts && good; ++i) {
        pipewire.kill();
        playing.run_until([&] { return !playing.stream->status().problem.empty(); });
        pipewire.start();
        const TimePoint back = Clock::now();
        good = hear(playing);
        if (good) {
            times.add(Clock::now() - back);
        }
    }
    return times;
}

struct EndToEnd {
    Samples excess; ///< ms beyond P + D + Q
    session::StreamStatus status;
};

EndToEnd end_to_end() {
    EndToEnd result;
    const test::PrivatePipeWire pipewire;
    GraphClient graph;
    Playing playing(test::clicks(kPeriod));
    const Recorder recorder(graph, "recorder");
    const bool linked = playing.run_until([&] { return graph.link("guest", "test-sink"); }) &&
                        playing.run_until([&] { return graph.link("test-sink", "recorder"); });
    const auto wanted = static_cast<std::size_t>(kPeriod) * (kClicks + 10);
    if (!linked ||
        !test::run_until(
            playing.loop, [&] { return recorder.size() > wanted; }, std::chrono::seconds(30))) {
        return result;
    }
    result.status = playing.stream->status();
    const double planned = 10 + static_cast<double>(result.status.latency.count()) * 1e-3 +
                           static_cast<double>(result.status.quantum) / 48;
    for (const double delay : test::delays_of(recorder, playing.guest, kPeriod)) {
        result.excess.add(delay - planned);
    }
    return result;
}

} // namespace

void measure_restart(Table& table) {
    const std::string what = fmt::format("A11 PipeWire restarts to sound, worst of {}", kRestarts);
    const Samples times = restarts();
    if (times.size() < kRestarts) {
        table.add({what, "<= 1 s", "not heard again", "for good", "-", Verdict::Wrong});
        return;
    }
    table.add({what, "<= 1 s", to_time(times.max()), "for good",
               fmt::format("median {}", to_time(times.median())), judge(times.max() <= 1e9)});
}

void measure_end_to_end(Table& table) {
    const EndToEnd result = end_to_end();
    const std::string what = "A14 end to end on a null sink, beyond P + D + Q";
    if (result.excess.size() < kClicks / 2) {
        table.add({what, "0.5 ms +-1 ms", "not heard", "-", "-", Verdict::Wrong});
        return;
    }
    const double median = result.excess.median();
    table.add({what, "0.5 ms +-1 ms", fmt::format("{:.2f} ms", median), "-",
               fmt::format("D {:.2f} ms, Q {}, {:.2f} to {:.2f} ms",
                           static_cast<double>(result.status.latency.count()) * 1e-3,
                           result.status.quantum, result.excess.quantile(0.01),
                           result.excess.quantile(0.99)),
               judge(std::abs(median - 0.5) <= 1)});
}

} // namespace spicykvm::bench
