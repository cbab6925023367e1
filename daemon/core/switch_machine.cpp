// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/switch_machine.h"

#include <utility>

namespace spicykvm::core {

namespace {

using Waiting = std::vector<SwitchMachine::SwitchDone>;

void append(Waiting& waiting, SwitchMachine::SwitchDone done) {
    if (done) {
        waiting.push_back(std::move(done));
    }
}

/// Empties the list first: an answered caller may ask for the next switch from inside its callback.
void answer(Waiting& waiting, const Result<SwitchReport>& result) {
    for (auto& done : std::exchange(waiting, {})) {
        done(result);
    }
}

void cancel(Waiting& waiting) {
    answer(waiting, fail(ErrorCode::Cancelled, "a later request replaced this one"));
}

std::string describe(const EnterReport& report) {
    std::string text = std::to_string(report.keyboards) +
                       (report.keyboards == 1 ? " keyboard, " : " keyboards, ") +
                       std::to_string(report.pointers) +
                       (report.pointers == 1 ? " pointer" : " pointers");
    if (report.failed > 0) {
        text += ", " + std::to_string(report.failed) + " could not be grabbed";
    }
    return text;
}

} // namespace

SwitchMachine::SwitchMachine(GuestPort& guests, InputPort& input, SwitchMachineObserver& observer)
    : guests_(guests), input_(input), observer_(observer) {}

SwitchState SwitchMachine::state() const noexcept {
    constexpr SwitchState kByIndex[] = {SwitchState::Inactive, SwitchState::Activating,
                                        SwitchState::Active, SwitchState::Deactivating};
    return kByIndex[state_.index()];
}

std::optional<TargetId> SwitchMachine::target() const noexcept {
    if (const auto* activating = std::get_if<Activating>(&state_)) {
        return activating->target;
    }
    if (const auto* active = std::get_if<Active>(&state_)) {
        return active->target;
    }
    if (const auto* deactivating = std::get_if<Deactivating>(&state_)) {
        return deactivating->target;
    }
    return std::nullopt;
}

std::optional<TargetId> SwitchMachine::holder() const noexcept {
    if (const auto* activating = std::get_if<Activating>(&state_)) {
        return activating->from;
    }
    if (const auto* deactivating = std::get_if<Deactivating>(&state_);
        deactivating != nullptr && deactivating->left) {
        return std::nullopt;
    }
    return target();
}

template <typename State>
void SwitchMachine::become(State state) {
    state_ = std::move(state);
    observer_.on_switch_state();
}

void SwitchMachine::activate(TargetId target, TimePoint now, SwitchDone done) {
    now_ = now;
    if (auto* activating = std::get_if<Activating>(&state_)) {
        replace(*activating, target, now, std::move(done));
        return;
    }
    if (auto* active = std::get_if<Active>(&state_);
        active != nullptr && active->target == target) {
        if (done) {
            done(SwitchReport{.target = {}, .left = std::nullopt, .steps = {}, .started = now});
        }
        return;
    }
    Waiting waiting;
    append(waiting, std::move(done));
    if (auto* deactivating = std::get_if<Deactivating>(&state_)) {
        // Two requests for the same target join; one for another target replaces the earlier.
        if (deactivating->next != target) {
            cancel(deactivating->next_waiting);
        }
        deactivating->next = target;
        for (auto& one : waiting) {
            deactivating->next_waiting.push_back(std::move(one));
        }
        if (deactivating->left) {
            cancel_steps(); // reversed: what is left of the way back has no point any more
            finish_deactivation(now);
        }
        return;
    }
    const auto* active = std::get_if<Active>(&state_);
    const std::optional<TargetId> from =
        active != nullptr ? std::optional(active->target) : std::nullopt;
    cancel_steps();
    start(target, from, now, std::move(waiting));
}

void SwitchMachine::replace(Activating& activating, TargetId target, TimePoint now,
                            SwitchDone done) {
    if (activating.target == target) {
        append(activating.transaction.waiting, std::move(done));
        return;
    }
    Waiting old = std::exchange(activating.transaction.waiting, {});
    Waiting waiting;
    append(waiting, std::move(done));
    if (activating.stage == Activating::Stage::Connecting) {
        start(target, activating.from, now, std::move(waiting));
    } else {
        // The input thread is under way to the first target: let it come home, then go on.
        begin_leaving(activating.target, LeaveReason::Request, std::move(activating.transaction));
        auto& deactivating = std::get<Deactivating>(state_);
        deactivating.next = target;
        deactivating.next_waiting = std::move(waiting);
    }
    cancel(old);
}

void SwitchMachine::start(TargetId target, std::optional<TargetId> from, TimePoint now,
                          Waiting waiting) {
    become(Activating{.target = target,
                      .from = from,
                      .transaction = {.started = now, .steps = {}, .waiting = std::move(waiting)}});
    guests_.connect(target);
}

void SwitchMachine::on_guest_connected(TargetId target, TimePoint now) {
    now_ = now;
    auto* activating = std::get_if<Activating>(&state_);
    if (activating == nullptr || activating->target != target ||
        activating->stage != Activating::Stage::Connecting) {
        return;
    }
    activating->transaction.steps.push_back({"connect", StepOutcome::Ok, {}});
    activating->transaction.steps.push_back({"identity", StepOutcome::Ok, {}});
    if (activating->from) {
        activating->stage = Activating::Stage::LeavingOld;
        input_.leave(LeaveReason::Request);
    } else {
        enter(*activating);
    }
}

void SwitchMachine::enter(Activating& activating) {
    activating.stage = Activating::Stage::Entering;
    input_.enter(activating.target, ++serial_);
}

void SwitchMachine::on_guest_connect_failed(TargetId target, const Error& error, TimePoint now) {
    now_ = now;
    auto* activating = std::get_if<Activating>(&state_);
    if (activating == nullptr || activating->target != target ||
        activating->stage != Activating::Stage::Connecting) {
        return;
    }
    if (error.code == ErrorCode::WrongPeer) {
        activating->transaction.steps.push_back({"connect", StepOutcome::Ok, {}});
        activating->transaction.steps.push_back({"identity", StepOutcome::Failed, error.message});
    } else {
        activating->transaction.steps.push_back({"connect", StepOutcome::Failed, error.message});
    }
    activating->transaction.steps.push_back({"input", StepOutcome::Skipped, "not connected"});
    finish_activation(std::exchange(*activating, {}), error, now);
}

void SwitchMachine::finish_activation(const Activating& failed, const Error& error, TimePoint now) {
    SwitchReport report{
        .target = {},
        .left = LeaveReason::Failed,
        .steps = failed.transaction.steps,
        .started = failed.transaction.started,
        .duration = std::chrono::duration_cast<Microseconds>(now - failed.transaction.started)};
    if (failed.from) {
        become(Active{*failed.from, std::nullopt});
    } else {
        become(Inactive{});
    }
    observer_.on_switch_finished(failed.target, report);
    Waiting waiting = failed.transaction.waiting;
    answer(waiting, Failure(error));
}

void SwitchMachine::on_entered(std::uint32_t serial, const EnterReport& report, TimePoint now) {
    now_ = now;
    auto* activating = std::get_if<Activating>(&state_);
    if (activating == nullptr || activating->stage != Activating::Stage::Entering ||
        serial != serial_) {
        return; // cancelled: the leave that cancelled it is on its way
    }
    Activating done = std::move(*activating);
    done.transaction.steps.push_back(
        {"input", report.failed > 0 ? StepOutcome::Retried : StepOutcome::Ok, describe(report)});
    Waiting waiting = std::exchange(done.transaction.waiting, {});
    const SwitchReport arrived{
        .target = {},
        .left = std::nullopt,
        .steps = done.transaction.steps,
        .started = done.transaction.started,
        .duration = std::chrono::duration_cast<Microseconds>(now - done.transaction.started)};
    become(Active{done.target, std::move(done.transaction)});
    answer(waiting, arrived);
    if (std::holds_alternative<Active>(state_)) {
        run_steps(0, done.target);
    }
}

void SwitchMachine::on_enter_failed(std::uint32_t serial, const Error& error, TimePoint now) {
    now_ = now;
    auto* activating = std::get_if<Activating>(&state_);
    if (activating == nullptr || activating->stage != Activating::Stage::Entering ||
        serial != serial_) {
        return;
    }
    activating->transaction.steps.push_back({"input", StepOutcome::Failed, error.message});
    finish_activation(std::exchange(*activating, {}), error, now);
}

void SwitchMachine::deactivate(LeaveReason reason, TimePoint now, SwitchDone done) {
    now_ = now;
    if (auto* deactivating = std::get_if<Deactivating>(&state_)) {
        deactivating->next.reset();
        append(deactivating->transaction.waiting, std::move(done));
        cancel(deactivating->next_waiting);
        return;
    }
    if (std::holds_alternative<Inactive>(state_)) {
        if (done) {
            done(SwitchReport{.target = {}, .left = reason, .steps = {}, .started = now});
        }
        return;
    }
    cancel_steps();
    Transaction back{.started = now, .steps = {}, .waiting = {}};
    append(back.waiting, std::move(done));
    Waiting cancelled;
    const TargetId leaving = holder().value_or(*target());
    bool with_input = true;
    if (auto* activating = std::get_if<Activating>(&state_)) {
        cancelled = std::exchange(activating->transaction.waiting, {});
        with_input =
            activating->from.has_value() || activating->stage != Activating::Stage::Connecting;
    }
    if (with_input) {
        begin_leaving(leaving, reason, std::move(back));
    } else {
        SwitchReport report{.target = {}, .left = reason, .steps = {}, .started = now};
        become(Inactive{});
        answer(back.waiting, report);
    }
    cancel(cancelled);
}

void SwitchMachine::begin_leaving(TargetId target, LeaveReason reason, Transaction transaction) {
    become(Deactivating{.target = target,
                        .reason = reason,
                        .left = false,
                        .next = std::nullopt,
                        .next_waiting = {},
                        .transaction = std::move(transaction)});
    input_.leave(reason);
}

void SwitchMachine::on_left(const LeaveReport& report, TimePoint now) {
    now_ = now;
    if (auto* activating = std::get_if<Activating>(&state_)) {
        const bool wants_home =
            report.reason == LeaveReason::Hotkey || report.reason == LeaveReason::PanicChord;
        if (activating->stage == Activating::Stage::LeavingOld) {
            activating->from.reset();
            if (!wants_home) {
                enter(*activating);
                return;
            }
        }
        const bool had_input = std::exchange(activating->from, std::nullopt).has_value();
        if (wants_home && (had_input || activating->stage == Activating::Stage::LeavingOld)) {
            activating->transaction.steps.push_back(
                {"input", StepOutcome::Skipped, "called home meanwhile"});
            finish_activation(std::exchange(*activating, {}),
                              Error{ErrorCode::Cancelled, "called home meanwhile"}, now);
        }
        return;
    }
    if (auto* active = std::get_if<Active>(&state_)) {
        cancel_steps();
        const TargetId target = active->target;
        become(Deactivating{.target = target,
                            .reason = report.reason,
                            .left = false,
                            .next = std::nullopt,
                            .next_waiting = {},
                            .transaction = {.started = now, .steps = {}, .waiting = {}}});
    }
    auto* deactivating = std::get_if<Deactivating>(&state_);
    if (deactivating == nullptr || deactivating->left) {
        return;
    }
    deactivating->left = true;
    deactivating->reason = report.reason;
    deactivating->transaction.steps.push_back(
        {"input", StepOutcome::Ok, "home after " + std::to_string(report.ungrab.count()) + " us"});
    observer_.on_switch_state();
    run_steps(0, std::nullopt);
}

void SwitchMachine::run_steps(std::size_t position, std::optional<TargetId> side) {
    if (position >= steps_.size()) {
        running_step_.reset();
        steps_done(side);
        return;
    }
    running_step_ = position;
    steps_[position]->run(side, [this, position, side](std::vector<StepResult> results) {
        if (auto* current = transaction()) {
            std::move(results.begin(), results.end(), std::back_inserter(current->steps));
        }
        run_steps(position + 1, side);
    });
}

void SwitchMachine::steps_done(std::optional<TargetId> side) {
    if (!side) {
        finish_deactivation(now_);
        return;
    }
    auto* active = std::get_if<Active>(&state_);
    if (active == nullptr || !active->transaction) {
        return;
    }
    const Transaction done = *std::exchange(active->transaction, std::nullopt);
    observer_.on_switch_finished(
        active->target,
        {.target = {},
         .left = std::nullopt,
         .steps = done.steps,
         .started = done.started,
         .duration = std::chrono::duration_cast<Microseconds>(now_ - done.started)});
}

void SwitchMachine::finish_deactivation(TimePoint now) {
    auto* deactivating = std::get_if<Deactivating>(&state_);
    if (deactivating == nullptr) {
        return;
    }
    Deactivating done = std::move(*deactivating);
    const SwitchReport report{
        .target = {},
        .left = done.reason,
        .steps = done.transaction.steps,
        .started = done.transaction.started,
        .duration = std::chrono::duration_cast<Microseconds>(now - done.transaction.started)};
    become(Inactive{});
    observer_.on_switch_finished(done.target, report);
    answer(done.transaction.waiting, report);
    if (done.next && std::holds_alternative<Inactive>(state_)) {
        start(*done.next, std::nullopt, now, std::move(done.next_waiting));
    } else {
        cancel(done.next_waiting);
    }
}

void SwitchMachine::cancel_steps() {
    if (const auto running = std::exchange(running_step_, std::nullopt)) {
        steps_[*running]->cancel();
    }
}

SwitchMachine::Transaction* SwitchMachine::transaction() noexcept {
    if (auto* active = std::get_if<Active>(&state_)) {
        return active->transaction ? &*active->transaction : nullptr;
    }
    if (auto* deactivating = std::get_if<Deactivating>(&state_)) {
        return &deactivating->transaction;
    }
    return nullptr;
}

} // namespace spicykvm::core
