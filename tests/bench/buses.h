// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "ddc/helper_process.h"
#include "ddc/monitor_settings.h"
#include "integration/ddc/ddc_rig.h"

#include <cstdint>
#include <vector>

namespace spicykvm::bench {

/// Monitors on a bus each: the kernel's, or scripted ones, whose buses take no time.
class Buses {
  public:
    static constexpr std::size_t kScripted = 4;

    /// `real`: numbers of /dev/i2c-N behind which there is a monitor; none: kScripted others.
    explicit Buses(const std::vector<unsigned>& real);

    [[nodiscard]] std::size_t size() const noexcept { return numbers_.size(); }
    [[nodiscard]] bool real() const noexcept { return real_; }
    /// spicykvm-ddc; for scripted buses the same program with other nodes.
    [[nodiscard]] ddc::HelperCommand helper() const;
    /// A monitor that follows the switch by `sets` features. A scripted one is found by its
    /// connector and has its EDID compared; a real one has no connector.
    [[nodiscard]] ddc::MonitorSettings monitor(std::size_t position, unsigned sets) const;
    /// The least that sets a feature: open, lock, one message of 7 bytes, close.
    void set_bare(std::size_t position, std::uint16_t value) const;

    /// When each set was on its scripted bus, since the last call.
    [[nodiscard]] std::vector<TimePoint> sent();

  private:
    bool real_;
    std::vector<unsigned> numbers_;
    test::DdcRig rig_;
    std::size_t told_ = 0;
};

} // namespace spicykvm::bench
