// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "spice/framer.h"
#include "spice/out_buffer.h"

#include <cstdint>

namespace spicykvm::spice {

/// Answers, for one channel, the messages that may come on any of them: acks, pings, migration.
class CommonMessages {
  public:
    enum class Outcome : std::uint8_t {
        Handled,
        NotCommon, ///< the channel's own, or a Notify
        Malformed, ///< the connection is of no more use
    };

    /// `out` must outlive this.
    explicit CommonMessages(OutBuffer& out) noexcept : out_(out) {}

    /// Must see every message of the channel: it counts them.
    Outcome take(const Framer::Message& message) noexcept;

  private:
    Outcome set_ack(ByteSpan body) noexcept;
    Outcome ping(ByteSpan body) noexcept;
    Outcome migrate(ByteSpan body) noexcept;
    void count_message() noexcept;

    OutBuffer& out_;
    std::uint32_t window_ = 0;
    std::uint32_t since_ack_ = 0;
};

} // namespace spicykvm::spice
