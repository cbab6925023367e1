// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "config/password.h"
#include "core/audio_port.h"
#include "core/forwarder.h"
#include "core/guest_port.h"
#include "core/hotkey.h"
#include "core/seat_policy.h"

#include <cstdint>
#include <optional>
#include <spdlog/common.h>
#include <string>
#include <sys/types.h>
#include <vector>

namespace spicykvm::config {

/// A hotkey of the configuration; `hotkey.action` and `.target` are filled in by hotkey_table().
struct HotkeySetting {
    core::Hotkey hotkey;
    std::string text; ///< as written

    bool operator==(const HotkeySetting&) const = default;
};
using HotkeyList = std::vector<HotkeySetting>;

struct HotkeyConfig {
    HotkeyList toggle;
    HotkeyList home;
    HotkeyList next;
    HotkeyList last;
    HotkeyList lend_mouse;
    HotkeyList borrow;
    core::HotkeyTiming timing;
};

/// USB or Bluetooth ids, as in "046d:c52b".
struct DeviceId {
    std::uint16_t vendor = 0;
    std::uint16_t product = 0;

    bool operator==(const DeviceId&) const = default;
};

/// Event nodes of which everything that is given here matches; at least one thing is given.
struct DeviceRule {
    std::string name; ///< EVIOCGNAME; * and ? as in a shell
    std::string path; ///< node or symbolic link, such as "/dev/input/by-id/..."
    std::optional<DeviceId> id;
    std::string phys; ///< EVIOCGPHYS; * and ? as in a shell

    bool operator==(const DeviceRule&) const = default;
};

struct DeviceSelection {
    bool automatic = true; ///< the keyboard that has the hotkey, then the pointer that moves
    std::vector<DeviceRule> rules; ///< if not automatic

    bool operator==(const DeviceSelection&) const = default;
};

struct InputConfig {
    DeviceSelection devices;
    std::vector<DeviceRule> exclude;
    bool virtual_devices = false;  ///< devices made through uinput may be chosen, too
    std::int32_t rt_priority = 10; ///< SCHED_FIFO priority of the input thread; 0: not real-time
    /// How long keys that can't be released for the host (node not writable) are waited for.
    Milliseconds neutral_deadline{500};
    /// How long the server may leave motions unacknowledged; then keyboard and mouse come home. 0:
    /// for ever.
    Milliseconds stall_timeout{5000};
    std::string seat = "seat0"; ///< devices of other seats are not taken automatically
};

struct SpiceConfig {
    Milliseconds connect_timeout{10000}; ///< for name, connect, link and identity together
    Milliseconds retry_min{1000};
    Milliseconds retry_max{60000};
};

enum class ConnectMode : std::uint8_t {
    Always,     ///< the link is kept warm
    OnActivate, ///< connected when it is wanted
};

/// One feature of a monitor that follows the switch. Values as written: what they mean is for the
/// monitors' part of the daemon to say.
struct MonitorSet {
    std::int32_t vcp = 0x60;
    bool lg_channel = false; ///< source address 0x50, LG's second way
    std::string host;        ///< "hdmi-1" or "0x11"
    std::string guest;

    bool operator==(const MonitorSet&) const = default;
};

/// Which monitor: all that is given has to hold.
struct MonitorMatch {
    std::string connector;
    std::string manufacturer;
    std::string product; ///< "0x" and hexadecimal digits
    std::string name;
    std::string serial;

    bool operator==(const MonitorMatch&) const = default;
};

/// How a monitor comes home.
enum class ReturnBy : std::uint8_t {
    Ddc,    ///< as it went
    ByHand, ///< not at all
    Cable,  ///< over another cable of the host: `match` or `i2c`
    Hook,   ///< `run` does it
};

struct MonitorReturn {
    ReturnBy by = ReturnBy::Ddc;
    MonitorMatch match;
    std::int32_t i2c = -1;        ///< the bus, instead of `match`; -1: none
    std::vector<std::string> run; ///< an absolute path and its arguments
    Milliseconds timeout{5000};   ///< of `run`

    bool operator==(const MonitorReturn&) const = default;
};

struct MonitorConfig {
    std::string name; ///< empty: monitor1, monitor2, ... in the order of the file
    MonitorMatch match;
    std::int32_t i2c = -1; ///< the bus, instead of `match`; -1: none
    std::vector<MonitorSet> set;
    MonitorReturn come_home;
    std::int32_t repeat = 1;
    Milliseconds repeat_delay{500};
    bool save_after = false;
    std::int32_t sleep_multiplier = 1;
    Milliseconds wake_delay{500};
    bool unsafe = false;

    bool operator==(const MonitorConfig&) const = default;
};

struct TargetConfig {
    std::string name; ///< letters, digits, '.', '_', '-'; unique
    std::string uri;
    std::optional<core::Uuid> uuid; ///< pin
    std::string vm_name;            ///< pin; empty: any
    PasswordSource password;
    HotkeyList hotkey;
    ConnectMode connect = ConnectMode::Always;
    bool insecure = false;         ///< plain TCP beyond this host is wanted
    std::string peer_user;         ///< who must own the other end of a unix socket; empty: anyone
    std::optional<uid_t> peer_uid; ///< what `peer_user` is; set by load()
    core::ForwarderSettings forwarding;
    core::AudioSettings playback{.device = {}, .when = core::AudioWhen::Always};
    core::AudioSettings record; ///< a microphone only if it is asked for
    std::vector<MonitorConfig> monitors;
};

struct DaemonConfig {
    spdlog::level::level_enum log_level = spdlog::level::info;
    std::string
        default_target; ///< what the first Activate() without a name takes; empty: the first
    core::WhenLocked when_locked = core::WhenLocked::Deny;
};

/// A whole configuration: the files, with the command line on top. Plain values, already checked.
struct Config {
    DaemonConfig daemon;
    HotkeyConfig hotkeys;
    InputConfig input;
    SpiceConfig spice;
    std::vector<TargetConfig> targets; ///< core::TargetId is the place in here
};

inline constexpr std::size_t kMaxTargets = 64;
inline constexpr std::size_t kMaxMonitors = 16; ///< of a target
inline constexpr std::size_t kMaxMonitorSets = 8;
inline constexpr std::size_t kMaxWords = 32; ///< of a program to run

/// All hotkeys with their actions and targets.
[[nodiscard]] core::HotkeyTable hotkey_table(const Config& config);
/// As written, for people: "tap(scrolllock), leftmeta+f1"; empty: none.
[[nodiscard]] std::string to_text(const HotkeyList& hotkeys);
/// Place of the target in the list.
[[nodiscard]] std::optional<core::TargetId> find_target(const Config& config,
                                                        std::string_view name) noexcept;

} // namespace spicykvm::config
