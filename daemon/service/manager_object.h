// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/control_port.h"
#include "service/audio_object.h"
#include "service/requests.h"
#include "spicykvm-dbus/manager_adaptor.h"

#include <sdbus-c++/sdbus-c++.h>

namespace spicykvm::service {

/// org.spicykvm.Manager on the bus.
class ManagerObject final : public sdbus::AdaptorInterfaces<org::spicykvm::Manager_adaptor> {
  public:
    /// `audio`: for Status().
    ManagerObject(sdbus::IConnection& connection, core::ControlPort& port, Requests& requests,
                  const AudioObject& audio);
    ManagerObject(const ManagerObject&) = delete;
    ManagerObject& operator=(const ManagerObject&) = delete;
    ~ManagerObject();

    /// Takes over the state and says which properties it changed, if any.
    void update();
    void announce(const core::SwitchReport& report);

  private:
    using Options = std::map<std::string, sdbus::Variant>;

    void Activate(sdbus::Result<>&& result) override;
    void ActivateTarget(sdbus::Result<>&& result, std::string name, Options options) override;
    void Deactivate(sdbus::Result<>&& result) override;
    void Toggle(sdbus::Result<>&& result) override;
    void Reload(sdbus::Result<>&& result) override;
    std::map<std::string, sdbus::Variant> Status() override;
    std::vector<std::map<std::string, sdbus::Variant>> ListDevices() override;
    std::string State() override { return shown_.state; }
    std::string ActiveTarget() override { return shown_.active_target; }
    std::string LastError() override { return shown_.last_error; }
    std::string Version() override { return SPICYKVM_VERSION; }

    /// The properties as the bus has been told.
    struct Shown {
        std::string state;
        std::string active_target;
        std::string last_error;
    };
    [[nodiscard]] Shown now() const;

    core::ControlPort& port_;
    Requests& requests_;
    const AudioObject& audio_;
    Shown shown_;
};

} // namespace spicykvm::service
