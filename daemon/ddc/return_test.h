// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "core/displays_port.h"
#include "ddc/monitor_job.h"
#include "ddc/monitor_settings.h"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace spicykvm::ddc {

/// Which ways bring a monitor home: to the guest's input, back by the first way, if it came to the
/// guest's input again, back by the next one, and at last home by one that works. What the monitor
/// says of its input, at home, away and after it, is the evidence. Pure: the owner does what next()
/// says and tells how it went.
class ReturnTest {
  public:
    struct Move {
        std::optional<WayHome> home_by; ///< nothing: to the guest
        bool is_last = false;           ///< no reading comes after it
    };
    struct Pause {
        Milliseconds duration{0};
    };
    struct Read {}; ///< of the input
    using Action = std::variant<Move, Pause, Read>;

    /// `away`: how long the guest's input is shown.
    ReturnTest(const MonitorSettings& monitor, Milliseconds away);

    /// Nothing: it is finished.
    [[nodiscard]] std::optional<Action> next() const;
    void on_moved(const MonitorResult& result);
    void on_paused();
    /// Nothing: the monitor does not answer, or does not know.
    void on_read(std::optional<std::uint16_t> input);

    /// One for each way that was tried.
    [[nodiscard]] const std::vector<core::ReturnTrial>& trials() const noexcept { return trials_; }
    /// Whether the monitor may show the guest's input, as far as is known.
    [[nodiscard]] bool may_be_away() const noexcept { return may_be_away_; }
    /// The way home that is best, as far as is known.
    [[nodiscard]] WayHome best_way() const noexcept;

    /// Monitors answer nothing for some seconds after a switch.
    static constexpr Milliseconds kSettle{2000};
    static constexpr unsigned kReadings = 4;

  private:
    enum class Stage : std::uint8_t {
        ReadHome,
        Leave,
        StayAway,
        ReadAway,
        Return,
        Settle,
        ReadBack,
        Rescue,
        Finished,
    };

    void on_left(const MonitorResult& result);
    void judge(std::optional<std::uint16_t> back);
    void conclude(core::ReturnTrial::Verdict verdict, std::string note);
    void rescue();

    Milliseconds away_;
    WayHome configured_;
    std::vector<WayHome> ways_;
    std::size_t way_ = 0; ///< in ways_, which is tried
    Stage stage_ = Stage::ReadHome;
    unsigned readings_ = 0;
    bool may_be_away_ = false;
    std::optional<std::uint16_t> home_input_;
    std::optional<std::uint16_t> away_input_;
    std::vector<core::ReturnTrial> trials_;
};

/// "ddc", "cable", "hook", "by-hand".
[[nodiscard]] std::string_view to_string(WayHome way) noexcept;

} // namespace spicykvm::ddc
