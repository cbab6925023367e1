// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/player.h"

namespace spicykvm::sim {

/// The baseline: how the tool that this one replaces plays, as its constants have it. Packets are
/// resampled as they arrive, into a ring that the device empties; three delay-locked loops of
/// 0.05 Hz; a ratio proportional to what the distance of both ends is off its target.
class OriginalPlayer final : public Player {
  public:
    void receive(const Message& message) override;
    Outcome pull(const audio::Pull& pull) override;

  private:
    struct Loop {
        double b = 0;
        double c = 0;
        void tune(double period_s) noexcept;
    };
    void on_packet(double now);
    [[nodiscard]] double device_position(double now) const noexcept;

    // device
    Loop device_loop_;
    double max_period_ = 0;
    double device_period_ = 0; ///< s
    double device_next_ = 0;   ///< s, predicted
    double device_read_ = 0;   ///< frames at the last request, before it
    double read_ = 0;
    // source
    Loop source_loop_;
    double source_period_ = 0;
    double source_next_ = 0;
    double written_ = 0; ///< resampled frames
    double sent_ = 0;    ///< source frames
    double offset_error_ = 0;
    double offset_rate_ = 0;
    double integral_ = 0;
    double ratio_ = 1;
    bool playing_ = false;
    bool device_runs_ = false;
    bool source_runs_ = false;
};

} // namespace spicykvm::sim
