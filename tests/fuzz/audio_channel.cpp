// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The bytes of a whole playback and of a whole record channel, in two portions; the first byte says
// where to cut and whether the clock is shared.
#include "base/bytes.h"
#include "fuzz/target.h"
#include "session/spice/playback_reader.h"
#include "session/spice/record_reader.h"

#include <algorithm>
#include <memory>

namespace spicykvm::fuzz {

namespace {

constexpr std::size_t kQueue = 64 * 1024;

void check(audio::StereoGain gain) {
    require(gain[0] >= 0 && gain[0] <= 1 && gain[1] >= 0 && gain[1] <= 1);
}

void play(ByteSpan first, ByteSpan second, bool same_clock) {
    spice::OutBuffer out(kQueue);
    const auto shared = std::make_unique<audio::PlaybackShared>();
    session::PlaybackReader::Settings settings;
    settings.same_clock = same_clock;
    session::PlaybackReader reader(out, *shared, settings);
    const TimePoint now{std::chrono::hours(1)};
    bool good = reader.feed(first, now);
    if (good) {
        reader.drained();
        good = reader.feed(second, now + Milliseconds(10));
    }
    require(good == reader.error().empty());
    const auto state = reader.state();
    require(!state.playing || session::problem_of(state).empty());
    require(state.jitter <= audio::TargetPolicy::kCap);
    check(shared->guest.get());
}

void record(ByteSpan first, ByteSpan second) {
    spice::OutBuffer out(kQueue);
    const auto shared = std::make_unique<audio::RecordShared>();
    session::RecordReader reader(out, *shared, audio::VolumeLaw::Cubic);
    const bool good = reader.feed(first) && reader.feed(second);
    require(good == reader.error().empty());
    require(reader.starts() <= reader.changes());
    check(shared->guest.get());
}

} // namespace

void run(std::span<const std::uint8_t> input) {
    if (input.empty()) {
        return;
    }
    const ByteSpan bytes = input.subspan(1);
    const std::size_t cut = std::min<std::size_t>(input[0] / 2U, bytes.size());
    play(bytes.first(cut), bytes.subspan(cut), input[0] % 2 == 1);
    record(bytes.first(cut), bytes.subspan(cut));
}

} // namespace spicykvm::fuzz
