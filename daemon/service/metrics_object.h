// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/control_port.h"
#include "spicykvm-dbus/metrics_adaptor.h"

#include <sdbus-c++/sdbus-c++.h>

namespace spicykvm::service {

/// org.spicykvm.Metrics on the bus.
class MetricsObject final : public sdbus::AdaptorInterfaces<org::spicykvm::Metrics_adaptor> {
  public:
    MetricsObject(sdbus::IConnection& connection, const core::ControlPort& port);
    MetricsObject(const MetricsObject&) = delete;
    MetricsObject& operator=(const MetricsObject&) = delete;
    ~MetricsObject();

  private:
    std::map<std::string, std::uint64_t> Counters() override;

    const core::ControlPort& port_;
};

} // namespace spicykvm::service
