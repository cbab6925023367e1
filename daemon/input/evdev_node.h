// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "base/result.h"
#include "input/input_node.h"

#include <memory>

namespace spicykvm::input {

/// A real event node of the kernel. The grab belongs to the open file: however the process ends,
/// the device is the host's again.
class EvdevNode final : public InputNode {
  public:
    /// Opens read-write, or read-only where that is not allowed (identity().writable tells).
    /// `known` is what udev says: path, seat, is_virtual; the device says the rest. Nothing is let
    /// through yet.
    static Result<std::unique_ptr<EvdevNode>> open(NodeIdentity known);

    [[nodiscard]] const NodeIdentity& identity() const noexcept override { return identity_; }
    [[nodiscard]] int fd() const noexcept override { return fd_.get(); }
    [[nodiscard]] std::errc grab() noexcept override;
    std::errc ungrab() noexcept override;
    std::errc set_mask(NodeMask mask, const core::KeySet& hotkeys) noexcept override;
    [[nodiscard]] std::errc held_keys(core::KeySet& held) noexcept override;
    [[nodiscard]] std::errc write_keys(const core::KeySet& keys, bool down) noexcept override;
    [[nodiscard]] std::errc read_leds(core::LedState& leds) noexcept override;
    std::errc write_leds(core::LedState leds) noexcept override;

  private:
    EvdevNode(Fd fd, NodeIdentity identity) noexcept;

    Fd fd_;
    NodeIdentity identity_;
};

} // namespace spicykvm::input
