// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/daemon.h"

#include <functional>
#include <optional>

namespace spicykvm::ctl {

/// Turns what is known of the daemon into events: one for each thing that is another than before.
class ChangeReporter {
  public:
    explicit ChangeReporter(std::function<void(const Event&)> on_event)
        : on_event_(std::move(on_event)) {}

    /// The daemon is there and says this. The first time after it has come, its state is told, and
    /// its targets if they are other ones than before.
    void update(const Status& status);
    /// The daemon has gone, or was not there at the beginning.
    void gone();
    void finished(const SwitchEvent& event) { on_event_(event); }

  private:
    std::function<void(const Event&)> on_event_;
    std::optional<bool> running_;
    StateEvent state_;
    std::vector<Target> targets_;
};

} // namespace spicykvm::ctl
