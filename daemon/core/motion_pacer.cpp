// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/motion_pacer.h"

#include <algorithm>
#include <limits>

namespace spicykvm::core {

namespace {

std::int32_t saturating_add(std::int32_t a, std::int32_t b) noexcept {
    using Limits = std::numeric_limits<std::int32_t>;
    const std::int64_t sum = std::int64_t{a} + b;
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(sum, Limits::min(), Limits::max()));
}

std::int32_t step(std::int32_t delta, std::int32_t max_delta) noexcept {
    return max_delta > 0 ? std::clamp(delta, -max_delta, max_delta) : delta;
}

} // namespace

void MotionPacer::reset() noexcept {
    const std::uint64_t sent = sent_;
    *this = MotionPacer{};
    sent_ = sent;
}

void MotionPacer::add(std::int32_t dx, std::int32_t dy) noexcept {
    dx_ = saturating_add(dx_, dx);
    dy_ = saturating_add(dy_, dy);
}

void MotionPacer::send_due(const Output& out) noexcept {
    while (waiting() && unacknowledged_ < kMotionWindow) {
        send_step(out);
    }
}

void MotionPacer::flush_before_key(const Output& out) noexcept {
    while (waiting() && unacknowledged_ < kWindow) {
        send_step(out);
    }
}

void MotionPacer::flush_before_button(const Output& out) noexcept {
    for (unsigned i = 0; waiting() && i < kMaxButtonSteps; ++i) {
        send_step(out);
    }
}

void MotionPacer::send_zero(const Output& out) noexcept {
    send(out, 0, 0);
}

void MotionPacer::send_step(const Output& out) noexcept {
    const std::int32_t dx = step(dx_, out.max_delta);
    const std::int32_t dy = step(dy_, out.max_delta);
    dx_ -= dx;
    dy_ -= dy;
    send(out, dx, dy);
}

void MotionPacer::send(const Output& out, std::int32_t dx, std::int32_t dy) noexcept {
    out.guest.motion(dx, dy, out.held);
    ++unacknowledged_;
    ++sent_;
    sent_since_ack_ = true;
}

void MotionPacer::nudge(const Output& out) noexcept {
    send(out, 1, 0);
    send(out, -1, 0);
}

void MotionPacer::acknowledge(unsigned count) noexcept {
    unacknowledged_ -= std::min(count, unacknowledged_);
    sent_since_ack_ = unacknowledged_ > 0;
    owed_since_.reset();
}

unsigned MotionPacer::missing_for_ack() const noexcept {
    return sent_since_ack_ && unacknowledged_ < kBunch ? kBunch - unacknowledged_ : 0;
}

void MotionPacer::observe(TimePoint now) noexcept {
    if (unacknowledged_ >= kBunch && !owed_since_) {
        owed_since_ = now;
    }
}

} // namespace spicykvm::core
