// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

struct RedsState; // libspice's SpiceServer

namespace spicykvm::test {

/// The sound card of a SpiceServer: what QEMU's audio backend is to libspice-server. A frame has
/// its left channel in the lower half. On the server's thread alone.
class SpiceSound {
  public:
    static constexpr std::size_t kPacket = 480;

    explicit SpiceSound(RedsState* server);
    /// Before the server's end.
    ~SpiceSound();
    SpiceSound(const SpiceSound&) = delete;
    SpiceSound& operator=(const SpiceSound&) = delete;

    void start_playback();
    void stop_playback();
    /// A packet. False: nobody listens, or the server has no buffer left.
    bool play(std::span<const std::uint32_t> frames);
    void set_playback_volume(std::vector<std::uint16_t> volumes);
    void set_playback_mute(bool mute);

    void start_record();
    void stop_record();
    /// What there is to read, at most so much.
    std::vector<std::uint32_t> read(std::size_t frames);
    void set_record_volume(std::vector<std::uint16_t> volumes);
    void set_record_mute(bool mute);

  private:
    struct Parts; // what needs libspice's headers
    std::unique_ptr<Parts> parts_;
};

} // namespace spicykvm::test
