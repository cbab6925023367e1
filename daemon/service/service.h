// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bus.h"
#include "core/audio_port.h"
#include "core/control_port.h"
#include "core/displays_port.h"

#include <memory>

namespace spicykvm::service {

/// The daemon on the message bus: the objects of dbus/*.xml over the two ports, which must
/// outlive it, as must the bus.
class Service final : public core::ControlObserver {
  public:
    /// Puts the objects on the bus and observes the port. Without `displays` or
    /// `audio` whoever asks for them is told that there are none. Throws sdbus::Error if the bus is
    /// gone.
    Service(Bus& bus, core::ControlPort& port, core::DisplaysPort* displays = nullptr,
            core::AudioPort* audio = nullptr);
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;
    /// Whoever still waits for an answer gets Cancelled.
    ~Service();

    /// Takes the bus name: from now on clients find the objects. The error says what to do.
    [[nodiscard]] Result<void> publish();

  private:
    void on_state_changed() override;
    void on_switch_finished(const core::SwitchReport& report) override;
    void on_called_home() override;
    void on_target_changed(std::string_view name) override;
    void on_targets_replaced() override;

    struct Objects;

    Bus& bus_;
    core::ControlPort& port_;
    std::unique_ptr<Objects> objects_;
};

} // namespace spicykvm::service
