// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/control_port.h"
#include "core/guest_port.h"
#include "core/input_port.h"

#include <functional>
#include <optional>
#include <variant>
#include <vector>

namespace spicykvm::core {

/// A part of the switch that follows keyboard and mouse: monitors, audio, hooks. It may take its
/// time; it never holds up the input.
class SwitchStep {
  public:
    using Done = std::function<void(std::vector<StepResult>)>;

    /// Does the step for `side` (none: the host). `done` is called once, not from inside, unless
    /// cancel() came first.
    virtual void run(std::optional<TargetId> side, Done done) = 0;
    /// A newer switch makes this one pointless: stop, retries included, and forget `done`.
    virtual void cancel() = 0;

  protected:
    ~SwitchStep() = default;
};

class SwitchMachineObserver {
  public:
    /// state() or target() is another one now.
    virtual void on_switch_state() = 0;
    /// A switch has ended with all its steps. `report.target` is empty: only the caller knows
    /// names.
    virtual void on_switch_finished(TargetId target, const SwitchReport& report) = 0;

  protected:
    ~SwitchMachineObserver() = default;
};

/// Decides every switch: one transaction at a time, there or back, with a result per step. Pure:
/// what happens comes in by the functions, what is to be done goes out through the ports.
/// docs/architecture.md has the table of states.
class SwitchMachine {
  public:
    using SwitchDone = std::function<void(Result<SwitchReport>)>;

    SwitchMachine(GuestPort& guests, InputPort& input, SwitchMachineObserver& observer);

    /// Steps after the input, in this order. Set while Inactive.
    void set_steps(std::vector<SwitchStep*> steps) { steps_ = std::move(steps); }

    [[nodiscard]] SwitchState state() const noexcept;
    /// Where keyboard and mouse are, or on their way to or from.
    [[nodiscard]] std::optional<TargetId> target() const noexcept;
    /// The target that has keyboard and mouse now, also while another one is being activated.
    [[nodiscard]] std::optional<TargetId> holder() const noexcept;

    /// `done` (may be null) is called once: when keyboard and mouse are there, or with the reason
    /// why not.
    void activate(TargetId target, TimePoint now, SwitchDone done);
    /// `done` (may be null) is called once: when keyboard and mouse are home and the other steps
    /// have ended.
    void deactivate(LeaveReason reason, TimePoint now, SwitchDone done);

    void on_guest_connected(TargetId target, TimePoint now);
    void on_guest_connect_failed(TargetId target, const Error& error, TimePoint now);
    void on_entered(std::uint32_t serial, const EnterReport& report, TimePoint now);
    void on_enter_failed(std::uint32_t serial, const Error& error, TimePoint now);
    void on_left(const LeaveReport& report, TimePoint now);

  private:
    struct Transaction {
        TimePoint started;
        std::vector<StepResult> steps;
        std::vector<SwitchDone> waiting;
    };
    struct Inactive {};
    struct Activating {
        enum class Stage : std::uint8_t { Connecting, LeavingOld, Entering };
        TargetId target{};
        std::optional<TargetId> from; ///< has keyboard and mouse until it is left
        Stage stage = Stage::Connecting;
        Transaction transaction;
    };
    struct Active {
        TargetId target{};
        std::optional<Transaction> transaction; ///< while steps after the input are under way
    };
    struct Deactivating {
        TargetId target{};
        LeaveReason reason = LeaveReason::Request;
        bool left = false;
        std::optional<TargetId> next; ///< asked for meanwhile
        std::vector<SwitchDone> next_waiting;
        Transaction transaction;
    };

    template <typename State>
    void become(State state);
    void start(TargetId target, std::optional<TargetId> from, TimePoint now,
               std::vector<SwitchDone> waiting);
    void enter(Activating& activating);
    void replace(Activating& activating, TargetId target, TimePoint now, SwitchDone done);
    void begin_leaving(TargetId target, LeaveReason reason, Transaction transaction);
    void finish_activation(const Activating& failed, const Error& error, TimePoint now);
    void finish_deactivation(TimePoint now);
    void run_steps(std::size_t position, std::optional<TargetId> side);
    void steps_done(std::optional<TargetId> side);
    void cancel_steps();
    [[nodiscard]] Transaction* transaction() noexcept;

    GuestPort& guests_;
    InputPort& input_;
    SwitchMachineObserver& observer_;
    std::vector<SwitchStep*> steps_;
    std::optional<std::size_t> running_step_;
    std::variant<Inactive, Activating, Active, Deactivating> state_;
    std::uint32_t serial_ = 0;
    TimePoint now_; ///< of the last call; for steps that end later
};

} // namespace spicykvm::core
