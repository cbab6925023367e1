// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "input/input_node.h"

#include <atomic>
#include <memory>
#include <sys/types.h>

namespace spicykvm::bench {

/// What was done to a node, and by whom.
struct NodeLog {
    std::atomic<pid_t> thread{0};             ///< the input thread
    std::atomic<TimePoint::rep> grabbed{0};   ///< when grab() returned
    std::atomic<TimePoint::rep> ungrabbed{0}; ///< when ungrab() was called
};

/// Notes when it is grabbed and let go of.
class WatchedNode final : public input::InputNode {
  public:
    WatchedNode(std::unique_ptr<input::InputNode> node, std::shared_ptr<NodeLog> log)
        : node_(std::move(node)), log_(std::move(log)) {}

    [[nodiscard]] const input::NodeIdentity& identity() const noexcept override {
        return node_->identity();
    }
    [[nodiscard]] int fd() const noexcept override { return node_->fd(); }
    [[nodiscard]] std::errc grab() noexcept override;
    std::errc ungrab() noexcept override;
    std::errc set_mask(input::NodeMask mask, const core::KeySet& hotkeys) noexcept override;
    [[nodiscard]] std::errc held_keys(core::KeySet& held) noexcept override {
        return node_->held_keys(held);
    }
    [[nodiscard]] std::errc write_keys(const core::KeySet& keys, bool down) noexcept override {
        return node_->write_keys(keys, down);
    }
    [[nodiscard]] std::errc read_leds(core::LedState& leds) noexcept override {
        return node_->read_leds(leds);
    }
    std::errc write_leds(core::LedState leds) noexcept override { return node_->write_leds(leds); }

  private:
    std::unique_ptr<input::InputNode> node_;
    std::shared_ptr<NodeLog> log_;
};

} // namespace spicykvm::bench
