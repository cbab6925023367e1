// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/mailbox.h"
#include "base/time.h"
#include "core/forwarder.h"
#include "core/guest_input.h"
#include "core/input_port.h"
#include "input/device_match.h"
#include "input/input_node.h"
#include "input/metrics.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <system_error>
#include <variant>
#include <vector>

namespace spicykvm::input {

/// What of the settings the input thread needs. Made and freed by the main loop.
struct ThreadConfig {
    std::uint32_t generation = 0;
    core::HotkeyTable hotkeys;
    core::KeySet hotkey_codes;
    std::vector<core::ForwarderSettings> forwarding;
    Milliseconds neutral_deadline{0};
    Milliseconds stall_timeout{0};
    Milliseconds release_deadline{0};
    Milliseconds lease{0};
};

/// What goes from owner to owner with a message; all but one are empty. Beside the variant and not
/// in it, because a variant of owners costs a destructor that g++ 12 warns of.
struct Cargo {
    std::unique_ptr<InputNode> node;
    std::unique_ptr<core::GuestInput> guest;
    std::unique_ptr<ThreadConfig> config;
};

/// From the main loop to the input thread.
namespace command {
struct AddNode { // with `node`
    core::DeviceSlot slot;
    NodePlan plan;
};
/// The configuration in force does not want it any more, or it is gone.
struct RemoveNode {
    core::DeviceSlot slot;
    core::LeaveReason reason; ///< if it was the last keyboard
};
struct PlanNode {
    core::DeviceSlot slot;
    NodePlan plan;
};
struct AddGuest { // with `guest`
    core::TargetId target;
    std::uint32_t generation; ///< tells a guest from the one that it replaces
};
struct RemoveGuest {
    core::TargetId target;
};
struct Enter {
    core::TargetId target;
    std::uint32_t serial;
    TimePoint asked;
};
struct Leave {
    core::LeaveReason reason;
    TimePoint asked;
};
struct LendPointers {
    bool lent;
};
struct Configure {}; // with `config`
struct Stop {};
} // namespace command

struct Command {
    std::variant<std::monostate, command::AddNode, command::RemoveNode, command::PlanNode,
                 command::AddGuest, command::RemoveGuest, command::Enter, command::Leave,
                 command::LendPointers, command::Configure, command::Stop>
        what;
    Cargo cargo;
};

/// From the input thread to the main loop. Whatever the thread is done with goes back to be freed.
namespace report {
struct Entered {
    std::uint32_t serial;
    core::EnterReport result;
};
struct EnterFailed {
    enum class Cause : std::uint8_t {
        NotConnected,
        NoKeyboard,    ///< there is none to grab
        GrabRefused,   ///< there are, but none could be grabbed: `error`
        Cancelled,     ///< left, or entered another, before it was done
        ConnectionLost ///< while waiting for keys to be released
    };
    std::uint32_t serial;
    Cause cause;
    std::errc error{};
};
struct Left {
    core::LeaveReport result;
};
struct Hotkey {
    core::Hotkey hotkey;
    bool begin;
    std::uint32_t generation; ///< of the configuration: numbers of targets may have changed
};
struct GuestLost { // with `guest`
    core::TargetId target;
    std::uint32_t generation;
};
struct NodeGone { // with `node`
    core::DeviceSlot slot;
};
/// Something for the log.
struct NodeTrouble {
    enum class What : std::uint8_t {
        GrabFailed,
        HeldKeysKept, ///< grabbed while keys were down that could not be released for the host
        MaskFailed,   ///< wakes the process up more than it should
    };
    core::DeviceSlot slot;
    What what;
    std::errc error{};
};
/// How the request for real-time scheduling and locked memory went.
struct Started {
    std::errc scheduling{};
    std::errc memory{};
};
/// Something to be freed.
struct Retired {};
} // namespace report

struct Report {
    std::variant<std::monostate, report::Entered, report::EnterFailed, report::Left, report::Hotkey,
                 report::GuestLost, report::NodeGone, report::NodeTrouble, report::Started,
                 report::Retired>
        what;
    Cargo cargo;
};

/// All that the two threads share.
struct ThreadLink {
    /// Enough: each command causes at most a few reports a node, and hotkeys are limited.
    Mailbox<Command, 256> commands;
    Mailbox<Report, 1024> reports;
    /// More than these are not worth a report: the main loop does not take them.
    static constexpr unsigned kMaxHotkeysUnderWay = 32;
    std::atomic<unsigned> hotkeys_under_way{0};

    std::atomic<TimePoint::rep> lease{0};     ///< when the main loop last renewed it
    std::atomic<TimePoint::rep> heartbeat{0}; ///< when the input thread last came round; 0: idle
    std::atomic<std::uint64_t> grabbed{0};    ///< a bit for each DeviceSlot
    InputMetrics metrics;
};
static_assert(core::kMaxDevices <= 64, "ThreadLink::grabbed has 64 bits");

} // namespace spicykvm::input
