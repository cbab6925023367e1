// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/watched_node.h"

#include <unistd.h>

namespace spicykvm::bench {

namespace {

void note_now(std::atomic<TimePoint::rep>& time) noexcept {
    time.store(Clock::now().time_since_epoch().count(), std::memory_order_release);
}

} // namespace

std::errc WatchedNode::grab() noexcept {
    const std::errc error = node_->grab();
    note_now(log_->grabbed);
    return error;
}

std::errc WatchedNode::ungrab() noexcept {
    note_now(log_->ungrabbed);
    return node_->ungrab();
}

std::errc WatchedNode::set_mask(input::NodeMask mask, const core::KeySet& hotkeys) noexcept {
    log_->thread.store(::gettid(), std::memory_order_relaxed);
    return node_->set_mask(mask, hotkeys);
}

} // namespace spicykvm::bench
