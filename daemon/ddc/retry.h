// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "ddc/messages.h"
#include "diagnosis/node_access.h"

#include <optional>
#include <string>

namespace spicykvm::ddc {

/// Whether and when a request is sent again. Time comes by argument; how it is sent is the
/// caller's.
class Retry {
  public:
    enum class Kind : std::uint8_t {
        Read, ///< up to 10 tries; the null message stops after 3, because it may mean "unsupported"
        Write, ///< up to 4 tries
    };

    /// `slowness`: 1..10, of the monitor.
    Retry(Kind kind, unsigned slowness, TimePoint now);

    /// What to do after a try that ended at `now`: try again at that time, or nothing: it was the
    /// last.
    [[nodiscard]] std::optional<TimePoint> again(const Reply& reply, TimePoint now);
    [[nodiscard]] unsigned tries() const noexcept { return tries_; }

  private:
    [[nodiscard]] bool final(const Reply& reply) noexcept;
    [[nodiscard]] Milliseconds pause(const Reply& reply) const noexcept;

    Kind kind_;
    unsigned slowness_;
    TimePoint started_;
    unsigned tries_ = 0;
    unsigned nulls_ = 0;
};

/// What kind of failure a reply is whose status is not Done.
[[nodiscard]] ErrorCode error_code(const Reply& reply) noexcept;
/// One line for a person: what is wrong, and what to do if that is known.
[[nodiscard]] std::string explain(const Reply& reply, Bus bus);
/// The same, without a look at the node: `facts` are what it would have seen.
[[nodiscard]] std::string explain(const Reply& reply, Bus bus, const diagnosis::NodeFacts& facts);

} // namespace spicykvm::ddc
