// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/spice/record_reader.h"

namespace spicykvm::session {

std::string problem_of(const RecordState& state) {
    if (state.refused.channels == 0 && state.refused.frequency == 0) {
        return {};
    }
    return "the VM records in a format that is not supported: " +
           std::to_string(state.refused.channels) + " channels, " +
           std::to_string(state.refused.frequency) + " Hz, SPICE format " +
           std::to_string(state.refused.format) + "; allowed: 2 channels, 48000 Hz, 1 (S16)";
}

bool RecordReader::feed(ByteSpan bytes) noexcept {
    using Outcome = spice::CommonMessages::Outcome;
    while (const auto message = framer_.next(bytes)) {
        const Outcome outcome = common_.take(*message);
        if (outcome == Outcome::NotCommon ? !take_own(*message) : outcome != Outcome::Handled) {
            error_ = "a message that is too short";
            return false;
        }
    }
    if (framer_.broken()) {
        error_ = "a message of more than 1 MiB";
    }
    return !framer_.broken();
}

bool RecordReader::take_own(const spice::Framer::Message& message) noexcept {
    switch (message.type) {
    case SPICE_MSG_RECORD_START:
        if (const auto message_start = RecordStart::parse(message.body)) {
            start(*message_start);
            return true;
        }
        return false;
    case SPICE_MSG_RECORD_STOP:
        state_ = {};
        ++changes_;
        return true;
    case SPICE_MSG_RECORD_VOLUME:
        if (const auto volume = AudioVolume::parse(message.body)) {
            mixer_.set_volumes(volume->get());
            shared_.guest.set(mixer_.gain());
            return true;
        }
        return false;
    case SPICE_MSG_RECORD_MUTE:
        if (const auto mute = AudioMute::parse(message.body)) {
            mixer_.set_mute(mute->mute);
            shared_.guest.set(mixer_.gain());
            return true;
        }
        return false;
    default:
        // A newer server may say more than is known here.
        return true;
    }
}

void RecordReader::start(const RecordStart& start) noexcept {
    state_.recording = start.channels == audio::kChannels && start.format == SPICE_AUDIO_FMT_S16 &&
                       start.frequency == static_cast<std::uint32_t>(audio::kRate);
    state_.refused = state_.recording ? RecordStart{} : start;
    ++starts_;
    ++changes_;
}

} // namespace spicykvm::session
