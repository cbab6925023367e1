// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "core/hotkey.h"

#include <cstdint>
#include <string_view>

namespace spicykvm::core {

/// Why keyboard and mouse came home.
enum class LeaveReason : std::uint8_t {
    Request,      ///< D-Bus or command
    Hotkey,       ///< a hotkey
    PanicChord,   ///< Backspace+Escape+Enter
    GuestLost,    ///< the SPICE connection ended
    GuestStalled, ///< the SPICE server takes nothing any more
    NoDevice,     ///< the last grabbed keyboard was unplugged
    LeaseMissed,  ///< the main loop did not renew its lease
    Shutdown,     ///< the daemon ends
    Session,      ///< another session has the seat now
    Locked,       ///< the host was locked
    Suspend,      ///< the host suspends
    HostShutdown, ///< the host shuts down
    Reload,       ///< the configuration in force no longer has the target or the devices
    Failed,       ///< the switch could not be finished
};
[[nodiscard]] std::string_view to_string(LeaveReason reason) noexcept;

/// What one grab did, for the result of the switch's "input" step.
struct EnterReport {
    unsigned keyboards = 0; ///< nodes with keys that are grabbed
    unsigned pointers =
        0; ///< nodes with REL_X that are grabbed (automatic: may follow at the first motion)
    unsigned released = 0;   ///< keys held on the host that were released for it
    unsigned failed = 0;     ///< nodes that could not be grabbed; the log names them
    Microseconds elapsed{0}; ///< from the command's arrival to the last grab
};

/// What one leave did.
struct LeaveReport {
    LeaveReason reason = LeaveReason::Request;
    Microseconds ungrab{0}; ///< from the decision to the last ungrab
    unsigned released = 0;  ///< keys and buttons released for the guest
};

/// The input thread as the main loop sees it. Every call posts and returns at once.
class InputPort {
  public:
    /// Grabs and forwards to `target`, whose GuestInput the thread already has. Answered by
    /// on_entered() or on_enter_failed() with the same `serial`.
    virtual void enter(TargetId target, std::uint32_t serial) = 0;
    /// Ungrabs and releases. Answered by on_left(), also when nothing was grabbed.
    virtual void leave(LeaveReason reason) = 0;
    /// While active: ungrabs (true) or grabs again (false) the pointers.
    virtual void lend_pointers(bool lent) = 0;

  protected:
    ~InputPort() = default;
};

/// What the input thread reports; delivered on the main loop.
class InputObserver {
  public:
    virtual void on_entered(std::uint32_t serial, const EnterReport& report) = 0;
    virtual void on_enter_failed(std::uint32_t serial, const Error& error) = 0;
    virtual void on_left(const LeaveReport& report) = 0;
    /// A hotkey that the input thread does not handle alone. `begin` is false at the end of a Hold.
    virtual void on_hotkey(const Hotkey& hotkey, bool begin) = 0;
    /// The inputs channel of `target` ended; if it was active, on_left() came first.
    virtual void on_guest_lost(TargetId target) = 0;

  protected:
    ~InputObserver() = default;
};

} // namespace spicykvm::core
