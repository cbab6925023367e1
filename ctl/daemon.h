// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

namespace spicykvm::ctl {

/// A D-Bus error as it came.
struct CallError {
    std::string name;
    std::string message;
};
/// `name` of a CallError when there is no message bus.
inline constexpr const char* kNoBus = "org.spicykvm.Error.NoBus";

template <typename T>
using Answer = tl::expected<T, CallError>;

// What the interfaces in dbus/*.xml tell, with their names.
struct Target {
    std::string path;
    std::string name;
    std::string uri;
    std::string connection;
    std::string vm_name;
    std::string vm_uuid;
    std::string last_error;
    std::string hotkey;
    bool insecure = false;

    bool operator==(const Target&) const = default;
};

struct Device {
    std::string node;
    std::string name;
    std::string id;
    std::string phys;
    bool keyboard = false;
    bool pointer = false;
    bool used = false;
    bool grabbed = false;
    std::string note;
};

struct ConfiguredMonitor {
    std::string target;
    std::string name;
    std::string host;
    std::string guest;
    std::string way_home;
    std::string home_by;
    std::string note;
};

/// One without connector, bus and monitor stands for what is configured and not there.
struct Display {
    std::string connector;
    std::string monitor;
    std::optional<std::uint16_t> bus;
    bool ddc = false; ///< it answers
    std::optional<std::uint16_t> input;
    std::string input_name;
    std::string note;
    std::vector<ConfiguredMonitor> configured{};
};

struct Feature {
    bool supported = false;
    std::uint16_t current = 0;
    std::uint16_t maximum = 0;
    std::string name; ///< of `current`
};

struct Capabilities {
    std::string protocol;
    std::string type;
    std::string model;
    std::string mccs_version;
    std::map<std::uint8_t, std::vector<std::uint8_t>> features;
    std::map<std::uint16_t, std::string> inputs;
    std::vector<std::string> warnings;
};

/// A sound channel; all from `state` on is what its owner tells.
struct AudioStream {
    std::string target;
    std::string kind;
    std::string when;
    bool open = false;
    std::string state;
    std::string problem;
    std::string hint;
    std::string node;
    std::optional<std::uint32_t> latency_target_us;
    std::optional<std::uint32_t> latency_us;
    std::optional<std::uint32_t> quantum;
    std::optional<std::uint32_t> tick_us;
    std::optional<double> drift_ppm;
    std::map<std::string, std::vector<std::uint32_t>> lateness_us; ///< p50, p99, p99.9, maximum
    std::optional<std::uint64_t> underruns;
    std::optional<std::uint64_t> skips;
    std::optional<std::uint64_t> silence_ms;
};

struct ReturnTrial {
    std::string way;
    std::string verdict;
    std::string note;
};

struct Status {
    std::string version;
    std::string state;
    std::string active_target;
    std::string default_target;
    std::uint64_t since_us = 0; ///< CLOCK_MONOTONIC
    std::optional<std::uint32_t> activator;
    std::string last_error;
    std::string blocked; ///< why nothing can be activated now
    std::vector<std::string> warnings;
    std::uint32_t keyboards_grabbed = 0;
    std::uint32_t pointers_grabbed = 0;
    std::vector<Target> targets;
    std::vector<AudioStream> audio;
    std::map<std::string, std::uint64_t> metrics;
};

// What `status --watch` shows.
struct DaemonEvent {
    bool running = false;
};
struct StateEvent {
    std::string state;
    std::string active_target;
    std::string last_error;

    bool operator==(const StateEvent&) const = default;
};
struct TargetEvent {
    Target target;
};
/// A target that a new configuration no longer has.
struct TargetGoneEvent {
    std::string name;
};
struct Step {
    std::string step;
    std::string outcome;
    std::string reason;
};
struct SwitchEvent {
    std::string target;
    std::string reason;
    std::vector<Step> steps;
};
using Event = std::variant<DaemonEvent, StateEvent, TargetEvent, TargetGoneEvent, SwitchEvent>;

/// spicykvmd, as a client sees it.
class Daemon {
  public:
    virtual ~Daemon() = default;

    /// Now, and without being started by the question, as it may be by each of the others.
    virtual bool is_running() = 0;
    virtual Answer<Status> status() = 0;
    virtual Answer<std::vector<Device>> devices() = 0;
    virtual Answer<std::vector<Display>> displays() = 0;
    // `display`: a connector or "i2c-5". These may ask for a password, as activate().
    virtual Answer<Feature> get_feature(const std::string& display, std::uint8_t feature) = 0;
    /// `value`: as the daemon takes it, "hdmi-1" or "0x11". Gives a remark, which may be empty.
    virtual Answer<std::string> set_feature(const std::string& display, std::uint8_t feature,
                                            const std::string& value) = 0;
    virtual Answer<Capabilities> read_capabilities(const std::string& display) = 0;
    /// Takes minutes. `seconds`: from 1 to 10.
    virtual Answer<std::vector<ReturnTrial>>
    test_return(const std::string& target, const std::string& monitor, std::uint32_t seconds) = 0;
    /// Empty: the default target. May take as long as somebody needs to type a password.
    virtual Answer<void> activate(const std::string& target) = 0;
    virtual Answer<void> deactivate() = 0;
    virtual Answer<void> toggle() = 0;
    virtual Answer<void> reload() = 0;
    /// Calls `on_event` with how things stand and then with each change, until the bus is gone.
    /// The daemon may come and go meanwhile.
    virtual Answer<void> watch(const std::function<void(const Event&)>& on_event) = 0;
};

} // namespace spicykvm::ctl
