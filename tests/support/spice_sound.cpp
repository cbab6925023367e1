// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/spice_sound.h"

#include <algorithm>
#include <spice.h>
#include <stdexcept>

namespace spicykvm::test {

struct SpiceSound::Parts {
    SpicePlaybackInterface playback_interface{};
    SpiceRecordInterface record_interface{};
    SpicePlaybackInstance playback{};
    SpiceRecordInstance record{};
};

SpiceSound::SpiceSound(RedsState* server) : parts_(std::make_unique<Parts>()) {
    Parts& parts = *parts_;
    parts.playback_interface.base = {SPICE_INTERFACE_PLAYBACK, "test",
                                     SPICE_INTERFACE_PLAYBACK_MAJOR,
                                     SPICE_INTERFACE_PLAYBACK_MINOR};
    parts.playback.base.sif = &parts.playback_interface.base;
    parts.record_interface.base = {SPICE_INTERFACE_RECORD, "test", SPICE_INTERFACE_RECORD_MAJOR,
                                   SPICE_INTERFACE_RECORD_MINOR};
    parts.record.base.sif = &parts.record_interface.base;
    if (spice_server_add_interface(server, &parts.playback.base) != 0 ||
        spice_server_add_interface(server, &parts.record.base) != 0) {
        throw std::runtime_error("add the sound card");
    }
    spice_server_set_playback_rate(&parts.playback,
                                   spice_server_get_best_playback_rate(&parts.playback));
    spice_server_set_record_rate(&parts.record, spice_server_get_best_record_rate(&parts.record));
}

SpiceSound::~SpiceSound() {
    spice_server_remove_interface(&parts_->playback.base);
    spice_server_remove_interface(&parts_->record.base);
}

void SpiceSound::start_playback() {
    spice_server_playback_start(&parts_->playback);
}

void SpiceSound::stop_playback() {
    spice_server_playback_stop(&parts_->playback);
}

bool SpiceSound::play(std::span<const std::uint32_t> frames) {
    std::uint32_t* buffer = nullptr;
    std::uint32_t size = 0;
    spice_server_playback_get_buffer(&parts_->playback, &buffer, &size);
    if (buffer == nullptr) {
        return false;
    }
    if (size != frames.size()) {
        throw std::runtime_error("a packet of the server is of another size");
    }
    std::copy(frames.begin(), frames.end(), buffer);
    spice_server_playback_put_samples(&parts_->playback, buffer);
    return true;
}

void SpiceSound::set_playback_volume(std::vector<std::uint16_t> volumes) {
    spice_server_playback_set_volume(&parts_->playback, static_cast<std::uint8_t>(volumes.size()),
                                     volumes.data());
}

void SpiceSound::set_playback_mute(bool mute) {
    spice_server_playback_set_mute(&parts_->playback, mute ? 1 : 0);
}

void SpiceSound::start_record() {
    spice_server_record_start(&parts_->record);
}

void SpiceSound::stop_record() {
    spice_server_record_stop(&parts_->record);
}

std::vector<std::uint32_t> SpiceSound::read(std::size_t frames) {
    std::vector<std::uint32_t> buffer(frames);
    const std::uint32_t count = spice_server_record_get_samples(&parts_->record, buffer.data(),
                                                                static_cast<std::uint32_t>(frames));
    buffer.resize(count);
    return buffer;
}

void SpiceSound::set_record_volume(std::vector<std::uint16_t> volumes) {
    spice_server_record_set_volume(&parts_->record, static_cast<std::uint8_t>(volumes.size()),
                                   volumes.data());
}

void SpiceSound::set_record_mute(bool mute) {
    spice_server_record_set_mute(&parts_->record, mute ? 1 : 0);
}

} // namespace spicykvm::test
