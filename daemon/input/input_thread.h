// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "core/control_port.h"
#include "core/input_port.h"
#include "input/input_node.h"
#include "input/input_settings.h"
#include "input/metrics.h"

#include <memory>
#include <optional>
#include <vector>

namespace spicykvm::input {

/// Keyboard and mouse: finds the devices, and forwards them on a thread of its own, with real-time
/// priority if permitted. This is its main-loop side: every function belongs to the main loop, and
/// InputObserver is called from there.
class InputThread final : public core::InputPort {
  public:
    /// Starts the thread and, with `watch_devices`, takes the devices that are there. Throws
    /// std::system_error if that can't be done.
    InputThread(EventLoop& loop, core::InputObserver& observer, InputSettings settings);
    InputThread(const InputThread&) = delete;
    InputThread& operator=(const InputThread&) = delete;
    /// Ungrabs, releases what the guest holds (for at most release_deadline), ends the thread.
    ~InputThread();

    void enter(core::TargetId target, std::uint32_t serial) override;
    void leave(core::LeaveReason reason) override;
    void lend_pointers(bool lent) override;

    /// The inputs channel of a connected target; also while inactive, to answer its pings and
    /// notice its end (InputObserver::on_guest_lost()). Replaces an earlier one of the same target.
    void add_guest(core::TargetId target, std::unique_ptr<core::GuestInput> guest);
    /// Leaves first if the target is active. No on_guest_lost() follows.
    void remove_guest(core::TargetId target);

    /// New settings, also while active: devices are chosen again, hotkeys replaced.
    void configure(InputSettings settings);

    /// To be called several times a second; the thread lets go of everything when it was not for
    /// InputSettings::lease.
    void renew_lease();
    /// When the thread last came round, if anything is grabbed (it does every 250 ms then): older
    /// than a second means that it hangs.
    [[nodiscard]] std::optional<TimePoint> heartbeat() const noexcept;

    /// Every event node that is known, also those that are not used, with the reason.
    [[nodiscard]] std::vector<core::DeviceStatus> devices() const;
    [[nodiscard]] const InputMetrics& metrics() const noexcept;

    /// A node that udev does not know: for tests and benchmarks.
    void add_node(std::unique_ptr<InputNode> node);

  private:
    class State;
    std::unique_ptr<State> state_;
};

} // namespace spicykvm::input
