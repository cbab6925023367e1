// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/audio/playout.h"

#include <algorithm>
#include <cmath>

namespace spicykvm::audio {

Plan Playout::next(const Pull& pull, const Timeline& timeline, Frames written) noexcept {
    const TimePoint time = clock_.update(pull.now, pull.ticks, pull.tick_rate);
    const double cycle = std::clamp(seconds(time - last_), 0.0, 1.0);
    last_ = time;
    const Due due{timeline, written, frames_in(time - timeline.origin - timeline.delay),
                  (1 + timeline.skew) / clock_.rate(), cycle};
    return playing_ ? play(pull, due) : stay_silent(pull, due);
}

Plan Playout::play(const Pull& pull, const Due& due) noexcept {
    const Timeline& timeline = due.timeline;
    const double end = static_cast<double>(next_) + phase_.after(pull.frames, rate_.ratio());
    const double behind = due.position - end;
    // The rest of the stream before: nothing to be in time for.
    const bool is_rest = next_ < timeline.begin;
    const bool is_far = is_rest && std::abs(behind) > static_cast<double>(kSkip);

    Plan plan;
    plan.step = rate_.step(is_far ? 0 : behind, due.feed_forward, due.cycle);
    plan.feed = phase_.advance(pull.frames, plan.step);
    skip(plan, due, behind);
    behind_ = is_rest ? 0 : behind - static_cast<double>(plan.skipped);
    plan.from = next_;
    plan.begin = std::numeric_limits<Frames>::min();
    plan.end = std::min(due.written, timeline.end);
    const bool ends_here = is_far && behind < 0;
    if (ends_here) {
        plan.end = std::min(plan.end, timeline.begin);
    }
    plan.fade_from = plan.end;
    next_ += plan.feed;
    cross_left_ -= std::min(cross_left_, plan.feed);
    if (next_ > plan.end) {
        run_out(plan, ends_here || plan.end == timeline.end);
    }
    return plan;
}

void Playout::skip(Plan& plan, const Due& due, double behind) noexcept {
    const auto frames = static_cast<Frames>(behind);
    if (frames <= kSkip || cross_left_ > 0 || next_ + plan.feed + frames > due.written) {
        return;
    }
    plan.skipped = frames;
    next_ += frames;
    cross_left_ = kCrossFade;
    ++counters_.skips;
    counters_.skipped += frames;
}

void Playout::run_out(Plan& plan, bool ended) noexcept {
    playing_ = false;
    cross_left_ = 0;
    plan.starved = !ended;
    if (plan.starved) {
        plan.fade_from = std::max(plan.from, plan.end - kFade);
        ++counters_.starved;
        ++counters_.underruns;
        counters_.silent += next_ - std::max(plan.end, plan.from);
    }
    fade_left_ = std::max<Frames>(0, kFade - (next_ - plan.fade_from));
    next_ = std::clamp(plan.end, plan.from, next_);
}

Plan Playout::stay_silent(const Pull& pull, const Due& due) noexcept {
    const Timeline& timeline = due.timeline;
    Plan plan;
    plan.step = rate_.step(0, due.feed_forward, due.cycle);
    plan.feed = phase_.advance(pull.frames, plan.step);
    if (timeline.stream == 0) {
        return plan;
    }
    const auto end = static_cast<Frames>(std::floor(due.position));
    const Frames from = end - plan.feed;
    if (end <= timeline.begin || from >= timeline.end) {
        fade_left_ -= std::min(fade_left_, plan.feed);
        return plan;
    }
    const Frames there = std::min(due.written, timeline.end);
    plan.starved = end > there && there != timeline.end;
    // Nothing is played twice, should the delay have grown meanwhile.
    const bool was_played = std::max(from, timeline.begin) < next_;
    if (plan.starved || was_played || fade_left_ > 0) {
        counters_.starved += plan.starved ? 1 : 0;
        counters_.silent += plan.feed;
        fade_left_ -= std::min(fade_left_, plan.feed);
        return plan;
    }
    plan.from = from;
    plan.begin = timeline.begin;
    plan.end = plan.fade_from = there;
    playing_ = true;
    next_ = end;
    behind_ = due.position - static_cast<double>(end);
    if (next_ > plan.end) {
        run_out(plan, true);
    }
    return plan;
}

} // namespace spicykvm::audio
