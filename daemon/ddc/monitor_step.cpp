// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/monitor_step.h"

#include "base/log.h"

#include <algorithm>
#include <array>

namespace spicykvm::ddc {

namespace {

constexpr std::array kOtherTries{Milliseconds(2000), Milliseconds(4000), Milliseconds(8000)};

} // namespace

core::StepResult to_step(const MonitorResult& result) {
    core::StepResult step{"monitor:" + result.monitor, core::StepOutcome::Ok, result.reason};
    switch (result.outcome) {
    case MonitorOutcome::Sent:
        // Not "switched": no monitor confirms that it obeyed.
        step.outcome =
            result.tries > result.sets ? core::StepOutcome::Retried : core::StepOutcome::Ok;
        step.reason = "switch command sent" + (result.reason.empty() ? "" : ", " + result.reason);
        break;
    case MonitorOutcome::Ran:
        step.reason = "hook ended well";
        break;
    case MonitorOutcome::Skipped:
        step.outcome = core::StepOutcome::Skipped;
        break;
    case MonitorOutcome::Refused:
        step.outcome = core::StepOutcome::Failed;
        step.reason = "refused: " + result.reason;
        break;
    case MonitorOutcome::Failed:
        step.outcome = core::StepOutcome::Failed;
        break;
    }
    return step;
}

MonitorStep::MonitorStep(EventLoop& loop, HelperClient& client, std::string away_path)
    : client_(client), hooks_(loop), file_(std::move(away_path)), switch_(*this, client.timing()),
      timer_(loop,
             [this] {
                 switch_.on_time(Clock::now());
                 rearm();
             }),
      another_try_(loop, [this] { go_home_and_log(); }) {}

MonitorStep::~MonitorStep() {
    *alive_ = false;
}

void MonitorStep::configure(const std::vector<TargetMonitors>& targets) {
    names_.clear();
    for (const TargetMonitors& target : targets) {
        names_.push_back(target.target);
    }
    switch_.configure(targets);
}

bool MonitorStep::repair() {
    auto away = file_.load();
    if (!away) {
        log("ddc").warn("{}, ignoring", away.error().message);
        return false;
    }
    if (away->empty()) {
        return false;
    }
    log("ddc").info("monitors left at a VM's input: {}; bringing them home", away->size());
    switch_.restore(std::move(*away));
    go_home_and_log();
    return true;
}

void MonitorStep::go_home_and_log() {
    go({}, [this](const std::vector<MonitorResult>& results) {
        for (const MonitorResult& result : results) {
            const core::StepResult step = to_step(result);
            log("ddc").info("{}: {}: {}", step.step, core::to_string(step.outcome), step.reason);
        }
        (void)plan_another_try(results);
    });
}

bool MonitorStep::plan_another_try(const std::vector<MonitorResult>& results) {
    const bool failed = std::ranges::find(results, MonitorOutcome::Failed,
                                          &MonitorResult::outcome) != results.end();
    if (!failed || switch_.away().empty() || other_tries_ == kOtherTries.size()) {
        return false;
    }
    another_try_.arm_after(kOtherTries[other_tries_++]);
    return true;
}

void MonitorStep::forget_other_tries() {
    another_try_.disarm();
    other_tries_ = 0;
}

void MonitorStep::run(std::optional<core::TargetId> side, Done done) {
    const std::string target =
        side && core::index(*side) < names_.size() ? names_[core::index(*side)] : std::string();
    forget_other_tries();
    go(target,
       [this, home = !side, done = std::move(done)](const std::vector<MonitorResult>& results) {
           const bool again = home && plan_another_try(results);
           std::vector<core::StepResult> steps;
           for (const MonitorResult& result : results) {
               steps.push_back(to_step(result));
               if (again && result.outcome == MonitorOutcome::Failed) {
                   steps.back().reason += "; will be tried again";
               }
           }
           done(std::move(steps));
       });
}

void MonitorStep::travel(const Trip& trip, std::function<void(std::optional<MonitorResult>)> done) {
    forget_other_tries();
    switch_.go(trip, Clock::now(),
               [done = std::move(done)](const std::vector<MonitorResult>& results) {
                   done(results.empty() ? std::nullopt : std::optional(results.front()));
               });
    rearm();
}

void MonitorStep::cancel() {
    forget_other_tries();
    switch_.cancel();
    rearm();
}

void MonitorStep::go(const std::string& target, MonitorSwitch::Done done) {
    switch_.go(target, Clock::now(), std::move(done));
    rearm();
}

void MonitorStep::send(const Request& request) {
    client_.send(request, [this, alive = alive_](const Result<Reply>& reply) {
        if (*alive) {
            switch_.on_reply(reply, Clock::now());
        }
        if (*alive) {
            rearm();
        }
    });
}

void MonitorStep::run_hook(std::uint64_t serial, const MonitorJob& job) {
    hooks_.run(job.settings().home.hook, job.target(), job.settings().name,
               [this, serial, alive = alive_](const Result<void>& result) {
                   switch_.on_hook(serial, result, Clock::now());
                   if (*alive) {
                       rearm();
                   }
               });
}

void MonitorStep::stop_hooks() {
    hooks_.stop();
}

void MonitorStep::save(const AwayList& away) {
    if (const auto saved = file_.save(away); !saved) {
        log("ddc").warn("{}: a crash would leave monitors at the VM's input, ignoring",
                        saved.error().message);
    }
}

void MonitorStep::rearm() {
    if (const auto when = switch_.wake_at()) {
        timer_.arm_at(*when);
    } else {
        timer_.disarm();
    }
}

} // namespace spicykvm::ddc
