// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/environment.h"

#include <sstream>
#include <utility>

namespace spicykvm::ctl {

/// A daemon that answers what the test wants, and notes what it was asked.
class FakeDaemon final : public Daemon {
  public:
    struct Script {
        bool running = true;
        Answer<Status> status = Status{};
        Answer<std::vector<Device>> devices = std::vector<Device>{};
        Answer<std::vector<Display>> displays = std::vector<Display>{};
        Answer<Feature> feature = Feature{true, 0x0f, 0x12, "displayport-1"};
        std::optional<CallError> no_input; ///< of feature 0x60 alone
        Answer<std::string> set = std::string();
        Answer<Capabilities> capabilities = Capabilities{};
        Answer<std::vector<ReturnTrial>> trials = std::vector<ReturnTrial>{};
        Answer<void> act;                             ///< activate, deactivate, toggle, reload
        std::optional<CallError> no_bus;              ///< there is no bus at all
        std::vector<Event> events;                    ///< of watch(), which then ends
        std::vector<std::string> calls;               ///< what was asked
        std::vector<std::vector<std::string>> checks; ///< of `config check`
        int check_code = 0;
    };

    explicit FakeDaemon(Script& script) : script_(script) {}

    bool is_running() override { return script_.running; }
    Answer<Status> status() override { return noted("status", script_.status); }
    Answer<std::vector<Device>> devices() override { return noted("devices", script_.devices); }
    Answer<std::vector<Display>> displays() override { return noted("displays", script_.displays); }
    Answer<Feature> get_feature(const std::string& display, std::uint8_t feature) override {
        const std::string call = "get " + display + " " + std::to_string(feature);
        if (script_.no_input && feature == 0x60) {
            return noted(call, Answer<Feature>(tl::unexpected(*script_.no_input)));
        }
        return noted(call, script_.feature);
    }
    Answer<std::string> set_feature(const std::string& display, std::uint8_t feature,
                                    const std::string& value) override {
        return noted("set " + display + " " + std::to_string(feature) + " " + value, script_.set);
    }
    Answer<Capabilities> read_capabilities(const std::string& display) override {
        return noted("capabilities " + display, script_.capabilities);
    }
    Answer<std::vector<ReturnTrial>> test_return(const std::string& target,
                                                 const std::string& monitor,
                                                 std::uint32_t seconds) override {
        return noted("test " + target + " " + monitor + " " + std::to_string(seconds),
                     script_.trials);
    }
    Answer<void> activate(const std::string& target) override {
        return noted("activate " + target, script_.act);
    }
    Answer<void> deactivate() override { return noted("deactivate", script_.act); }
    Answer<void> toggle() override { return noted("toggle", script_.act); }
    Answer<void> reload() override { return noted("reload", script_.act); }
    Answer<void> watch(const std::function<void(const Event&)>& on_event) override {
        for (const Event& event : script_.events) {
            on_event(event);
        }
        return noted("watch", script_.act);
    }

  private:
    template <typename T>
    T noted(const std::string& call, const T& answer) {
        script_.calls.push_back(call);
        return answer;
    }

    Script& script_;
};

/// An environment whose daemon is the fake and whose output can be read.
struct FakeEnvironment {
    FakeDaemon::Script script;
    std::ostringstream out;
    std::ostringstream err;
    Environment environment{
        .out = out,
        .err = err,
        .connect = [this]() -> Answer<std::unique_ptr<Daemon>> {
            if (script.no_bus) {
                return tl::unexpected(*script.no_bus);
            }
            return std::make_unique<FakeDaemon>(script);
        },
        .check_config =
            [this](const std::vector<std::string>& options) {
                script.checks.push_back(options);
                return script.check_code;
            },
        .connected_displays =
            [] {
                return std::vector<std::string>{"card1-DP-1", "card1-HDMI-A-1"};
            },
        .monotonic_us = [] { return std::uint64_t{1'000'000'000}; },
        .user_name = [](std::uint32_t uid) { return "user" + std::to_string(uid); },
    };
};

inline Target sample_target() {
    return {.path = "/org/spicykvm/target/win11",
            .name = "win11",
            .uri = "spice+unix:///run/win11.sock",
            .connection = "connected",
            .vm_name = "Windows 11",
            .vm_uuid = "c7a5fdbd-edaf-9455-926a-d65c16db1809",
            .last_error = "",
            .hotkey = "tap(scrolllock)",
            .insecure = false};
}

inline Status sample_status() {
    Status status;
    status.version = "0.1.0";
    status.state = "active";
    status.active_target = "win11";
    status.default_target = "win11";
    status.since_us = 877'000'000;
    status.activator = 1000;
    status.warnings = {"no keyboard"};
    status.keyboards_grabbed = 1;
    status.pointers_grabbed = 2;
    status.targets = {sample_target()};
    status.metrics = {{"activations", 3}, {"keys_sent", 42}};
    return status;
}

inline std::vector<Device> sample_devices() {
    return {{.node = "/dev/input/event3",
             .name = "Keychron K2",
             .id = "05ac:024f",
             .phys = "usb-1/input0",
             .keyboard = true,
             .pointer = false,
             .used = true,
             .grabbed = true,
             .note = ""},
            {.node = "/dev/input/event0",
             .name = "Power Button",
             .id = "0000:0001",
             .phys = "",
             .keyboard = false,
             .pointer = false,
             .used = false,
             .grabbed = false,
             .note = "no key of a hotkey"}};
}

inline std::vector<Display> sample_displays() {
    return {{.connector = "card1-DP-1",
             .monitor = "DEL 0x41b5 \"DELL U2720Q\"",
             .bus = 5,
             .ddc = true,
             .input = 0x11,
             .input_name = "hdmi-1",
             .note = ""},
            {.connector = "",
             .monitor = "GSM 0x5b08 \"LG\"",
             .bus = 6,
             .ddc = false,
             .input = {},
             .input_name = "",
             .note = "i2c-6: the monitor does not answer"},
            {.connector = "card1-DP-2",
             .monitor = "",
             .bus = {},
             .ddc = false,
             .input = {},
             .input_name = "",
             .note = "no monitor is seen here"}};
}

/// The first of them configured twice, and a monitor that is nowhere.
inline std::vector<Display> sample_configured_displays() {
    std::vector<Display> displays = sample_displays();
    displays.resize(2);
    displays[0].configured = {
        {"win11", "left", "displayport-1", "hdmi-1, 0xe7=0xff00", "cable", "card1-DP-3", ""},
        {"linux", "monitor1", "displayport-1", "hdmi-2", "ddc", "", ""}};
    displays[1].configured = {{"linux", "monitor2", "hdmi-1", "0x1b", "hook", "/bin/home", ""}};
    Display nowhere{};
    nowhere.configured = {
        {"win11", "right", "hdmi-1", "hdmi-2", "by-hand", "", "no such monitor is connected"}};
    displays.push_back(nowhere);
    return displays;
}

inline Capabilities sample_capabilities() {
    return {.protocol = "monitor",
            .type = "LCD",
            .model = "U2720Q",
            .mccs_version = "2.1",
            .features = {{0x10, {}}, {0x60, {0x0f, 0x11, 0x1b}}},
            .inputs = {{0x0f, "displayport-1"}, {0x11, "hdmi-1"}, {0x1b, "0x1b"}},
            .warnings = {"a bracket is missing"}};
}

} // namespace spicykvm::ctl
