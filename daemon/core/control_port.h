// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "core/event.h"
#include "core/guest_port.h"
#include "core/input_port.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace spicykvm::core {

/// Where keyboard and mouse are, or on their way to.
enum class SwitchState : std::uint8_t {
    Inactive,     ///< on the host
    Activating,   ///< connecting or grabbing; still on the host
    Active,       ///< in the VM
    Deactivating, ///< on the host again, the rest of the switch is still under way
};

[[nodiscard]] constexpr std::string_view to_string(SwitchState state) noexcept {
    switch (state) {
    case SwitchState::Inactive:
        return "inactive";
    case SwitchState::Activating:
        return "activating";
    case SwitchState::Active:
        return "active";
    case SwitchState::Deactivating:
        return "deactivating";
    }
    return "inactive";
}

enum class StepOutcome : std::uint8_t {
    Ok,
    Retried, ///< done, but not at the first attempt
    Skipped, ///< nothing to do, or not reached any more
    Failed,
};

[[nodiscard]] constexpr std::string_view to_string(StepOutcome outcome) noexcept {
    switch (outcome) {
    case StepOutcome::Ok:
        return "ok";
    case StepOutcome::Retried:
        return "retried";
    case StepOutcome::Skipped:
        return "skipped";
    case StepOutcome::Failed:
        return "failed";
    }
    return "failed";
}

/// One step of a switch, in the order in which they were done.
struct StepResult {
    std::string step; ///< "connect", "identity", "input", later "monitor:<name>", "audio", "hook"
    StepOutcome outcome = StepOutcome::Ok;
    std::string reason; ///< one line for a person; may be empty for Ok

    bool operator==(const StepResult&) const = default;
};

/// One finished switch, there or back.
struct SwitchReport {
    std::string target;
    /// Why keyboard and mouse are at home; nothing: they are in the VM. A failed activation is
    /// LeaveReason::Failed.
    std::optional<LeaveReason> left;
    std::vector<StepResult> steps;
    TimePoint started;
    Microseconds duration{0};
};

/// Who asks for a switch.
struct Origin {
    std::string sender;       ///< unique bus name; empty: a hotkey or the daemon itself
    std::optional<uid_t> uid; ///< of the sender, as the bus vouches for it
};

/// One target for people and programs to see. Nothing in here is secret.
struct TargetStatus {
    std::string name; ///< as in the configuration; unique
    std::string uri;  ///< without user, password or query
    ConnectionState connection = ConnectionState::Disconnected;
    GuestIdentity guest;    ///< as last seen; empty before the first connection
    std::string last_error; ///< of the connection; empty: none since it was made
    std::string hotkey;     ///< as written in the configuration; empty: none
    bool insecure = false;  ///< plain TCP beyond this host, allowed by the configuration

    bool operator==(const TargetStatus&) const = default;
};

/// One event node that the daemon knows.
struct DeviceStatus {
    std::string node; ///< "/dev/input/event3"
    std::string name; ///< EVIOCGNAME, sanitised
    std::string id;   ///< "046d:c52b"
    std::string phys; ///< EVIOCGPHYS, sanitised; may be empty
    bool keyboard = false;
    bool pointer = false;
    bool used = false;    ///< chosen by the configuration
    bool grabbed = false; ///< now
    std::string note;     ///< why it is not used, or what is wrong with it; may be empty
};

/// Everything Status() tells but the devices.
struct StatusSnapshot {
    SwitchState state = SwitchState::Inactive;
    /// The target keyboard and mouse are in, or on their way to or from. Empty while Inactive.
    std::string active_target;
    /// What an Activate without a name takes: the last target, else the first. Empty: there is
    /// none.
    std::string default_target;
    /// Since when `state` is what it is.
    TimePoint since;
    /// The user who asked for the activation over the bus; none if it was a hotkey. Only while not
    /// Inactive.
    std::optional<uid_t> activator;
    /// Of the last switch that failed; empty when the last one succeeded.
    std::string last_error;
    /// Why nothing can be activated now, whoever asks; empty: nothing is in the way.
    std::string blocked;
    /// What a person should know, a line each: insecure targets, no keyboard found, and so on.
    std::vector<std::string> warnings;
    std::vector<TargetStatus> targets; ///< in the order of the configuration
    unsigned keyboards_grabbed = 0;
    unsigned pointers_grabbed = 0;
};

/// Counters since the start of the daemon, and gauges.
struct Metrics {
    std::uint64_t activations = 0;
    std::uint64_t activations_failed = 0;
    std::uint64_t deactivations = 0;
    std::uint64_t panic_chords = 0;
    std::uint64_t leases_missed = 0;     ///< the input thread let go because the main loop hung
    std::uint64_t connections = 0;       ///< SPICE sessions established
    std::uint64_t connections_lost = 0;  ///< established ones that ended against our will
    std::uint64_t events_read = 0;       ///< evdev events read while active
    std::uint64_t events_dropped = 0;    ///< SYN_DROPPED seen
    std::uint64_t keys_sent = 0;         ///< key messages, repeats too
    std::uint64_t buttons_sent = 0;      ///< button messages, wheel too
    std::uint64_t motions_sent = 0;      ///< motion messages
    std::uint64_t motions_merged = 0;    ///< motions that went into a later message
    std::uint64_t motions_in_flight = 0; ///< gauge: sent and not yet acknowledged
    std::uint64_t stalls = 0;            ///< times the server's acks stayed out for long
    std::uint64_t enter_us = 0;          ///< gauge: the last grab, from command to grabbed
    std::uint64_t ungrab_us = 0;         ///< gauge: the last leave, from decision to ungrabbed
    std::uint64_t ungrab_max_us = 0;     ///< gauge: the slowest of them
    std::uint64_t latency_p50_ns = 0;    ///< gauge: evdev read to socket write, recent events
    std::uint64_t latency_p99_ns = 0;
    std::uint64_t latency_max_ns = 0;
};

/// What changes; called on the main loop, after the change. Must not call back into activate(),
/// deactivate() or reload().
class ControlObserver {
  public:
    /// State, active target, default target, warnings or last error.
    virtual void on_state_changed() = 0;
    virtual void on_switch_finished(const SwitchReport& report) = 0;
    /// The host calls keyboard and mouse home: its session, lock or sleep. An activation that waits
    /// for leave must not be made later.
    virtual void on_called_home() = 0;
    /// Anything in this target's TargetStatus.
    virtual void on_target_changed(std::string_view name) = 0;
    /// After a reload: targets may have come and gone.
    virtual void on_targets_replaced() = 0;

  protected:
    ~ControlObserver() = default;
};

/// The switch as its controllers (D-Bus) see it. Main loop only. The caller has authorised the
/// request; the switch decides only whether it is possible. The observer hears of a change before
/// `done` is called: properties first, then the reply. Targets go by name, because numbers change
/// when the configuration is read again. There is no toggle: the two ways need different
/// rights, so who authorises has to choose.
class ControlPort {
  public:
    using SwitchDone = std::function<void(Result<SwitchReport>)>;
    using ReloadDone = std::function<void(Result<void>)>;

    /// To `target`. `done` is called exactly once, maybe from inside the call:
    /// with the report when keyboard and mouse are in the VM (at once, with no steps, if they are
    /// there already);
    /// NotFound: no such target; Blocked: see StatusSnapshot; Cancelled: a later request or a
    /// hotkey won; else why it failed. A request for the target that is being activated joins it;
    /// for another one it replaces it.
    virtual void activate(std::string_view target, const Origin& origin, SwitchDone done) = 0;

    /// Home. `done` is called exactly once, maybe from inside the call: when keyboard and mouse are
    /// back and the other steps have ended (at once if Inactive). An activation under way ends
    /// with Cancelled.
    virtual void deactivate(const Origin& origin, SwitchDone done) = 0;

    /// Reads the configuration again. If it is wrong, the old one stays in force and `done` gets
    /// InvalidArgument with "file:line: key: what is wrong". Exactly once, maybe from inside.
    virtual void reload(ReloadDone done) = 0;

    [[nodiscard]] virtual StatusSnapshot status() const = 0;
    [[nodiscard]] virtual std::vector<DeviceStatus> devices() const = 0;
    [[nodiscard]] virtual Metrics metrics() const = 0;

    /// At most one observer; null: none any more. It must outlive its being observed.
    virtual void observe(ControlObserver* observer) = 0;

  protected:
    ~ControlPort() = default;
};

} // namespace spicykvm::core
