// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/control_port.h"
#include "service/requests.h"
#include "spicykvm-dbus/target_adaptor.h"

#include <sdbus-c++/sdbus-c++.h>

namespace spicykvm::service {

/// org.spicykvm.Target of one target. Announces itself to the ObjectManager, and that it goes.
class TargetObject final
    : public sdbus::AdaptorInterfaces<org::spicykvm::Target_adaptor, sdbus::ManagedObject_adaptor> {
  public:
    TargetObject(sdbus::IConnection& connection, const core::TargetStatus& status,
                 Requests& requests);
    TargetObject(const TargetObject&) = delete;
    TargetObject& operator=(const TargetObject&) = delete;
    ~TargetObject();

    /// Takes over the state and says which properties it changed, if any.
    void update(const core::TargetStatus& status);

  private:
    void Activate(sdbus::Result<>&& result) override;
    std::string Name() override { return shown_.name; }
    std::string Uri() override { return shown_.uri; }
    std::string Connection() override { return std::string(to_string(shown_.connection)); }
    std::string VmName() override { return shown_.guest.name; }
    std::string VmUuid() override;
    std::string LastError() override { return shown_.last_error; }
    std::string Hotkey() override { return shown_.hotkey; }
    bool Insecure() override { return shown_.insecure; }

    std::string name_; ///< as the configuration has it
    core::TargetStatus shown_;
    Requests& requests_;
};

} // namespace spicykvm::service
