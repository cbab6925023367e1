// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"
#include "sim/scenario.h"

#include <cstdint>

namespace spicykvm::sim {

/// The record queue of spice-server and QEMU's reading of it, counted in frames.
class RecordServer {
  public:
    static constexpr audio::Frames kCapacity = 8192;
    static constexpr std::uint32_t kGate = 4096;

    /// `written_before`: to be near the wrap of its 32 bits.
    explicit RecordServer(std::uint32_t written_before = 0) noexcept : written_(written_before) {}

    void write(audio::Frames frames) noexcept;
    /// QEMU wants so many. What is not there is silence, and never asked for again.
    void read(audio::Frames frames) noexcept;

    [[nodiscard]] audio::Frames level() const noexcept { return level_; }
    std::uint64_t short_reads = 0;
    std::uint64_t silent_reads = 0;
    audio::Frames overflowed = 0;

  private:
    std::uint32_t written_;
    audio::Frames level_ = 0;
};

struct RecordReport {
    std::uint64_t short_reads = 0; ///< after the first 2 s, silent ones among them
    double overflowed_ms = 0;
    double level_ms = 0;       ///< mean after a read, of the last hour (or all after 10 s)
    double level_low_ms = 1e9; ///< of the means of 10 s
    double level_high_ms = 0;
    double delay_ms = 0; ///< mean: block, resampler and queue
    double dropped_ms = 0;
};

struct RecordScenario {
    Scenario device;          ///< and its hours, seed and QEMU's timer
    double stall_every_s = 0; ///< the sender can't send
    double stall_ms = 0;
    double pause_begin_s = 0; ///< the device is corked
    double pause_length_s = 0;
};

RecordReport run_record(const RecordScenario& scenario);
/// The baseline: every block is sent as it comes.
RecordReport run_record_naive(const RecordScenario& scenario);

} // namespace spicykvm::sim
