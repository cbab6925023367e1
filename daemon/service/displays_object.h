// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/displays_port.h"
#include "service/requests.h"
#include "spicykvm-dbus/displays_adaptor.h"

#include <sdbus-c++/sdbus-c++.h>

namespace spicykvm::service {

/// org.spicykvm.Displays on the bus.
class DisplaysObject final : public sdbus::AdaptorInterfaces<org::spicykvm::Displays_adaptor> {
  public:
    /// Without a port every call is answered with NotSupported.
    DisplaysObject(sdbus::IConnection& connection, core::DisplaysPort* port, Requests& requests);
    DisplaysObject(const DisplaysObject&) = delete;
    DisplaysObject& operator=(const DisplaysObject&) = delete;
    ~DisplaysObject();

  private:
    void ListDisplays(sdbus::Result<std::vector<Dictionary>>&& result) override;
    void GetFeature(sdbus::Result<Dictionary>&& result, std::string display,
                    std::uint8_t feature) override;
    void SetFeature(sdbus::Result<Dictionary>&& result, std::string display, std::uint8_t feature,
                    std::string value, Dictionary options) override;
    void ReadCapabilities(sdbus::Result<Dictionary>&& result, std::string display) override;
    void TestReturn(sdbus::Result<std::vector<Dictionary>>&& result, std::string target,
                    std::string monitor, std::uint32_t seconds, Dictionary options) override;
    /// Whether there are monitors to talk to; else the call is answered.
    bool is_available(Call& call) const;

    core::DisplaysPort* port_;
    Requests& requests_;
};

} // namespace spicykvm::service
