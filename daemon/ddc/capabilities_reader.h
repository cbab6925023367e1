// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ddc/bus_timing.h"
#include "ddc/capabilities.h"
#include "ddc/retry.h"

#include <algorithm>
#include <optional>
#include <string>

namespace spicykvm::ddc {

/// Reads a monitor's capabilities piece by piece, which takes seconds and often fails: for people
/// who ask, never on the way of a switch. Pure: the owner sends next() when it is due and gives
/// back the reply.
class CapabilitiesReader {
  public:
    /// `slowness`: 1..10, of the monitor.
    CapabilitiesReader(Bus bus, unsigned slowness, TimePoint now);

    [[nodiscard]] bool finished() const noexcept { return finished_; }
    /// When the next request may be sent. Only while not finished().
    [[nodiscard]] TimePoint due() const { return std::max(not_before_, timing_.earliest(bus_)); }
    [[nodiscard]] Request next() const;
    void on_reply(const Result<Reply>& reply, TimePoint now);
    /// When finished: what was read, or why it could not be.
    [[nodiscard]] Result<Capabilities> result() const;

    /// Starts from the beginning after pieces that don't fit; more often is hopeless.
    static constexpr unsigned kMaxRestarts = 3;

  private:
    void take(const Reply& reply, TimePoint now);
    void fail_with(Error error);

    Bus bus_;
    unsigned slowness_;
    BusTiming timing_;
    TimePoint not_before_;
    Retry retry_;
    unsigned restarts_ = 0;
    std::string text_;
    std::optional<Error> error_;
    bool finished_ = false;
};

} // namespace spicykvm::ddc
