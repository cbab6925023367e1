// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/guest_sound.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <utility>

namespace spicykvm::test {

namespace {

std::uint32_t to_ms(TimePoint time) {
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<Milliseconds>(time.time_since_epoch()).count());
}

} // namespace

GuestSound::GuestSound(EventLoop& loop, audio::PlaybackSource& source,
                       std::function<double(audio::Frames)> wave)
    : source_(source), wave_(std::move(wave)), timer_(loop, [this] { send_what_is_due(); }) {}

void GuestSound::start() {
    begin_ = Clock::now();
    sent_ = 0;
    source_.on_start({2, 1, 48000, to_ms(begin_)});
    send_what_is_due();
}

void GuestSound::stop() {
    timer_.disarm();
    source_.on_stop();
}

void GuestSound::send_what_is_due() {
    const TimePoint now = Clock::now();
    while (time_of(sent_ + audio::kPacketFrames) <= now) {
        std::array<std::uint8_t, audio::kPacketFrames * 4> payload{};
        for (std::size_t i = 0; i < audio::kPacketFrames; ++i) {
            const double amplitude = wave_(sent_ + static_cast<audio::Frames>(i));
            const auto value = static_cast<std::int16_t>(std::lround(amplitude * 32767));
            for (std::size_t byte = 0; byte < 4; ++byte) {
                payload[i * 4 + byte] = static_cast<std::uint8_t>(value >> (byte % 2 * 8));
            }
        }
        sent_ += audio::kPacketFrames;
        source_.on_data(time_of(sent_), to_ms(time_of(sent_)), payload);
    }
    timer_.arm_at(time_of(sent_ + audio::kPacketFrames));
}

std::function<double(audio::Frames)> tone(double frequency) {
    return [frequency](audio::Frames frame) {
        const double turns = std::fmod(frequency / 48000 * static_cast<double>(frame), 1.0);
        return 0.5 * std::sin(2 * std::numbers::pi * turns);
    };
}

} // namespace spicykvm::test
