// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/arrivals.h"
#include "session/audio/playout.h"
#include "sim/player.h"
#include "sim/scenario.h"

#include <limits>
#include <string>

namespace spicykvm::sim {

/// The project's own decisions, without samples; every request's plan is checked.
class CorePlayer final : public Player {
  public:
    explicit CorePlayer(const audio::TargetPolicy::Settings& settings) : arrivals_(settings) {}
    explicit CorePlayer(const Scenario& scenario);

    void receive(const Message& message) override;
    Outcome pull(const audio::Pull& pull) override;

    [[nodiscard]] const audio::Arrivals& arrivals() const noexcept { return arrivals_; }
    [[nodiscard]] const audio::Playout& playout() const noexcept { return playout_; }
    /// The first broken promise, if any.
    [[nodiscard]] const std::string& violation() const noexcept { return violation_; }

  private:
    void check(const audio::Pull& pull, const audio::Plan& plan);
    void broken(const char* what);

    audio::Arrivals arrivals_;
    audio::Playout playout_;
    double last_step_ = 1;
    static constexpr audio::Frames kSounding = std::numeric_limits<audio::Frames>::max();
    audio::Frames quiet_ = audio::Playout::kFade; ///< since the last fade-out began
    audio::Frames read_end_ = 0;
    std::string violation_;
};

} // namespace spicykvm::sim
