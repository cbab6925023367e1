// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/return_tester.h"

namespace spicykvm::ddc {

ReturnTester::ReturnTester(EventLoop& loop, MonitorStep& step, Displays& displays)
    : step_(step), displays_(displays), timer_(loop, [this] {
          test_->on_paused();
          go_on();
      }) {}

ReturnTester::~ReturnTester() {
    *alive_ = false;
}

void ReturnTester::start(const std::string& target, const MonitorSettings& monitor,
                         Milliseconds away, Done done) {
    if (test_ || coming_home_) {
        done(fail(ErrorCode::Busy, "another test of a way home is under way"));
        return;
    }
    target_ = target;
    monitor_ = monitor;
    seen_ = std::make_shared<std::optional<Display>>();
    done_ = std::move(done);
    ++generation_;
    test_.emplace(monitor, away);
    go_on();
}

void ReturnTester::go_on() {
    const auto action = test_->next();
    if (!action) {
        end(test_->trials());
        return;
    }
    if (const auto* to = std::get_if<ReturnTest::Move>(&*action)) {
        move(*to);
    } else if (const auto* pause = std::get_if<ReturnTest::Pause>(&*action)) {
        timer_.arm_after(pause->duration);
    } else {
        read();
    }
}

void ReturnTester::move(const ReturnTest::Move& move) {
    // Until the monitor says that it is home, it counts as away: a crash must not leave it there.
    step_.travel({target_, monitor_.name, move.home_by, !move.is_last},
                 [this, alive = alive_,
                  generation = generation_](const std::optional<MonitorResult>& result) {
                     if (!*alive || generation != generation_) {
                         return;
                     }
                     if (!result) {
                         end(fail(ErrorCode::NotFound, "the monitor is not configured any more"));
                         return;
                     }
                     test_->on_moved(*result);
                     go_on();
                 });
}

void ReturnTester::read() {
    displays_.get_input(monitor_, seen_,
                        [this, alive = alive_,
                         generation = generation_](const Result<core::DisplayFeature>& feature) {
                            if (!*alive || generation != generation_) {
                                return;
                            }
                            const bool told =
                                feature && feature->supported && feature->current != 0;
                            test_->on_read(told ? std::optional(feature->current) : std::nullopt);
                            if (!test_->may_be_away()) {
                                step_.came_home(target_, monitor_.name);
                            }
                            go_on();
                        });
}

void ReturnTester::stop(const Error& why) {
    if (!test_) {
        return;
    }
    coming_home_ = test_->may_be_away() || std::holds_alternative<ReturnTest::Move>(*test_->next());
    const Trip home{target_, monitor_.name, test_->best_way()};
    const auto alive = alive_;
    end(Failure(why));
    if (*alive && coming_home_) {
        step_.travel(home, [this, alive](const std::optional<MonitorResult>&) {
            if (*alive) {
                coming_home_ = false;
                rest();
            }
        });
    }
}

void ReturnTester::yield(const Error& why) {
    if (test_) {
        end(Failure(why));
    }
}

void ReturnTester::when_home(EventLoop::Callback callback) {
    home_ = std::move(callback);
    rest();
}

void ReturnTester::end(Result<std::vector<core::ReturnTrial>> result) {
    ++generation_;
    timer_.disarm();
    test_.reset();
    const Done done = std::exchange(done_, nullptr);
    const auto alive = alive_;
    done(std::move(result)); // which may begin another one, or destroy this
    if (*alive) {
        rest();
    }
}

void ReturnTester::rest() {
    if (!test_ && !coming_home_ && home_) {
        std::exchange(home_, nullptr)();
    }
}

} // namespace spicykvm::ddc
