// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bus.h"
#include "session/bus_map.h"
#include "session/daemon_port.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace spicykvm::session {

/// The daemon on the bus. It may come and go; it is never started by this. Nothing here waits for
/// it.
class DaemonClient final : public DaemonPort {
  public:
    /// Waits for the bus alone. Throws sdbus::Error.
    explicit DaemonClient(Bus& bus);
    DaemonClient(const DaemonClient&) = delete;
    DaemonClient& operator=(const DaemonClient&) = delete;
    ~DaemonClient();

    /// From now on; null: no longer. It must outlive its observing.
    void observe(DaemonObserver* observer);
    /// `callback` is called when keyboard and mouse may have gone to a VM (true) or come home; also
    /// when the daemon is gone.
    void on_away(std::function<void(bool away)> callback) { away_ = std::move(callback); }

    void open_channel(const std::string& target, AudioKind kind, Opened opened) override;
    void report(const std::string& target, AudioKind kind, const ChannelReport& report) override;

  private:
    void subscribe();
    void ask_for_owner();
    void on_owner(bool is_there);
    void ask_for(const std::string& interface);
    void take(const std::string& interface, const Dictionary& changed);
    void take_place(const Dictionary& changed);

    Bus& bus_;
    DaemonObserver* observer_ = nullptr;
    std::function<void(bool away)> away_;
    std::unique_ptr<sdbus::IProxy> bus_daemon_;
    std::unique_ptr<sdbus::IProxy> daemon_;
    std::vector<sdbus::Slot> matches_;
    std::string state_;
    std::string target_;
    bool complained_ = false;
};

} // namespace spicykvm::session
