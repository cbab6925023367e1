// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Everything a server says on the playback or the record channel, played. The input is cut into
// | type u8 | size u8 | body ... |; a size of 255 stands for a whole packet.
#include "base/bytes.h"
#include "fuzz/target.h"
#include "session/audio/playback.h"
#include "session/spice/audio_messages.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

namespace spicykvm::fuzz {

namespace {

/// Both ends of playback; time goes on with every message.
class Player {
  public:
    void take(std::uint8_t type, ByteSpan body) {
        now_ += Milliseconds(type % 32);
        switch (type) {
        case SPICE_MSG_PLAYBACK_DATA:
            if (const auto data = session::PlaybackData::parse(body)) {
                source_.on_data(now_, data->time, data->samples);
            }
            break;
        case SPICE_MSG_PLAYBACK_MODE:
            (void)session::PlaybackMode::parse(body);
            break;
        case SPICE_MSG_PLAYBACK_START:
            if (const auto start = session::PlaybackStart::parse(body)) {
                source_.on_start({start->channels, start->format, start->frequency, start->time});
            }
            break;
        case SPICE_MSG_PLAYBACK_STOP:
            source_.on_stop();
            break;
        case SPICE_MSG_PLAYBACK_VOLUME:
            if (const auto volume = session::AudioVolume::parse(body)) {
                require(volume->get().size() <= session::AudioVolume::kMaxChannels);
                source_.on_volume(volume->get());
            }
            break;
        case SPICE_MSG_PLAYBACK_MUTE:
            if (const auto mute = session::AudioMute::parse(body)) {
                source_.on_mute(mute->mute);
            }
            break;
        default:
            (void)session::RecordStart::parse(body);
            pull(type);
        }
    }

  private:
    void pull(std::uint8_t frames) {
        ticks_ += frames;
        const audio::Frames given = sink_.pull({now_, ticks_, 48000, frames}, output_);
        require(given == frames);
        for (std::size_t i = 0; i < 2U * frames; ++i) {
            require(std::isfinite(output_[i]) && std::abs(output_[i]) < 4);
        }
        require(sink_.faults() == 0);
    }

    TimePoint now_{std::chrono::hours(1)};
    audio::Frames ticks_ = 0;
    audio::PlaybackShared shared_;
    audio::PlaybackSource source_{shared_, {}, audio::VolumeLaw::Hda};
    audio::PlaybackSink sink_{shared_};
    std::array<float, 512> output_{};
};

} // namespace

void run(std::span<const std::uint8_t> input) {
    const auto player = std::make_unique<Player>();
    ByteReader reader(input);
    while (reader.remaining() >= 2) {
        const std::uint8_t type = reader.u8();
        const std::size_t size = reader.u8();
        std::array<std::uint8_t, 1924> packet;
        if (size == 255) {
            packet.fill(type);
            player->take(SPICE_MSG_PLAYBACK_DATA, packet);
        } else {
            player->take(type, reader.bytes(std::min(size, reader.remaining())));
        }
    }
}

} // namespace spicykvm::fuzz
