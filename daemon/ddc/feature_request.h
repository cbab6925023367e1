// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ddc/display.h"
#include "ddc/messages.h"
#include "ddc/retry.h"

#include <cstddef>
#include <optional>

namespace spicykvm::ddc {

/// One get or set of one feature, with retries, on the buses of one display: a dock may have a mute
/// double of the right one. Pure: the owner sends next() when it is due and gives back the reply.
class FeatureRequest {
  public:
    /// `display` has a bus. A set is written only to the monitor whose EDID `display` has.
    static FeatureRequest get(const Display& display, VcpCode feature, TimePoint now);
    static FeatureRequest set(const Display& display, VcpCode feature, std::uint16_t value,
                              TimePoint now);

    [[nodiscard]] bool finished() const noexcept { return result_.has_value(); }
    /// When the next request may be sent, if its bus has had its rest.
    [[nodiscard]] TimePoint due() const noexcept { return not_before_; }
    [[nodiscard]] const Request& next() const noexcept { return request_; }
    void on_reply(const Result<Reply>& reply, TimePoint now);

    /// When finished: the reply, whose status is Done, or why there is none.
    [[nodiscard]] const Result<Reply>& result() const { return *result_; }
    /// The bus that was used last.
    [[nodiscard]] Bus bus() const noexcept { return request_.bus; }
    /// Whether the monitor may have got the set.
    [[nodiscard]] bool attempted() const noexcept { return attempted_; }

  private:
    FeatureRequest(const Display& display, Operation operation, VcpCode feature, TimePoint now);

    std::vector<Bus> buses_;
    std::size_t position_ = 0;
    Request request_;
    Retry retry_;
    TimePoint not_before_;
    bool attempted_ = false;
    std::optional<Result<Reply>> result_;
};

} // namespace spicykvm::ddc
