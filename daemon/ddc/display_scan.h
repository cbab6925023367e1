// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ddc/messages.h"
#include "ddc/monitor_match.h"

#include <vector>

namespace spicykvm::ddc {

/// Finds out which monitors there are, by a row of requests: the places that the kernel knows, then
/// the EDIDs that it does not know but that are needed to find one of `wanted`. Other buses are
/// left alone.
class DisplayScan {
  public:
    explicit DisplayScan(std::vector<MonitorCriteria> wanted) : wanted_(std::move(wanted)) {}

    [[nodiscard]] bool finished() const noexcept { return stage_ == Stage::Finished; }
    /// The next request. Only while not finished().
    [[nodiscard]] Request next() const;
    /// The reply to it.
    void on_reply(const Reply& reply);
    /// When finished. An adapter without connector whose EDID is that of exactly one connector is
    /// one more bus of that connector.
    [[nodiscard]] const std::vector<Display>& displays() const noexcept { return displays_; }

    static constexpr std::size_t kMaxDisplays = 64;

  private:
    enum class Stage : std::uint8_t { Listing, ReadingEdids, Finished };

    void on_listed(const Reply& reply);
    void read_on();
    void join();
    [[nodiscard]] bool is_needed(const Display& display) const;

    std::vector<MonitorCriteria> wanted_;
    Stage stage_ = Stage::Listing;
    std::vector<Display> displays_;
    std::size_t position_ = 0; ///< of the display whose EDID is read
};

} // namespace spicykvm::ddc
