// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spicykvm::core {

/// A monitor of a target, as the configuration has it. Values are as input_text() of feature 0x60
/// gives them, others with their feature: "displayport-1, 0xe7=0xff00".
struct ConfiguredMonitor {
    std::string target;
    std::string name;
    std::string host;     ///< values at home
    std::string guest;    ///< values while the target is active
    std::string way_home; ///< "ddc", "cable", "hook" or "by-hand"
    std::string home_by;  ///< the connector or bus of a second cable, the path of a hook; or empty
    std::string note;     ///< what is wrong with it, such as that there is no such monitor

    bool operator==(const ConfiguredMonitor&) const = default;
};

/// One place where a monitor may be, for people to see. No serial number is in here. What is
/// configured and is not there, or can't be told from another one, has a place of its own, without
/// connector and bus.
struct DisplayStatus {
    std::string connector;              ///< "card1-HDMI-A-1"; empty: no connector names the bus
    std::string monitor;                ///< `DEL 0x41b5 "DELL U2720Q"`; empty: no monitor is seen
    std::optional<std::uint16_t> bus;   ///< N of /dev/i2c-N; holds until the next hotplug
    bool answers = false;               ///< to DDC/CI, just now
    std::optional<std::uint16_t> input; ///< value of feature 0x60, if it answers and knows it
    std::string input_name;             ///< of `input`: "hdmi-1", or "0x1b" for one without a name
    std::string note;                   ///< what is wrong, or worth knowing; may be empty
    std::vector<ConfiguredMonitor> configured{}; ///< for which targets this is a monitor

    bool operator==(const DisplayStatus&) const = default;
};

/// A feature as the monitor tells it, which need not be true.
struct DisplayFeature {
    bool supported = true;     ///< else the monitor answers, but has no such feature
    std::uint16_t current = 0; ///< the high byte is junk on some monitors, meant on others
    std::uint16_t max = 0;
    std::string name; ///< of `current`, for feature 0x60 alone
};

/// What a monitor says about itself. A hint: values are missing that work, others don't work.
struct DisplayCapabilities {
    std::string protocol;
    std::string type;
    std::string model;
    std::string mccs_version;
    std::map<std::uint8_t, std::vector<std::uint8_t>> features; ///< and the values listed for them
    std::map<std::uint16_t, std::string> inputs; ///< the values of feature 0x60, with their names
    std::vector<std::string> warnings;           ///< what was not as it should be, a line each
};

/// How one way home of a monitor did when it was tried.
struct ReturnTrial {
    enum class Verdict : std::uint8_t { Works, Fails, Unknown };

    std::string way; ///< as ConfiguredMonitor::way_home
    Verdict verdict = Verdict::Unknown;
    std::string note; ///< one line: what was seen, or why it failed

    bool operator==(const ReturnTrial&) const = default;
};

/// "works", "fails", "unknown".
[[nodiscard]] constexpr std::string_view to_string(ReturnTrial::Verdict verdict) noexcept {
    switch (verdict) {
    case ReturnTrial::Verdict::Works:
        return "works";
    case ReturnTrial::Verdict::Fails:
        return "fails";
    case ReturnTrial::Verdict::Unknown:
        break;
    }
    return "unknown";
}

/// The monitors as people who set up a switch see them. Main loop only. The caller has authorised
/// the request. Every `done` is called exactly once, maybe from inside the call, unless the port is
/// destroyed first.
///
/// `display`: a connector ("card1-HDMI-A-1", or "HDMI-A-1" if there is only one), a card with one
/// monitor ("card1"), or "i2c-5".
/// NotFound: there is none; Busy: a switch is under way, or another program holds the bus;
/// Cancelled: a switch began; Timeout: the kernel or the monitor did not answer in time; else why
/// the monitor can't be talked to.
class DisplaysPort {
  public:
    using ListDone = std::function<void(Result<std::vector<DisplayStatus>>)>;
    using GetDone = std::function<void(Result<DisplayFeature>)>;
    /// With a remark for a person, which may be empty.
    using SetDone = std::function<void(Result<std::string>)>;
    using CapabilitiesDone = std::function<void(Result<DisplayCapabilities>)>;

    /// Asks every monitor for its input. Requests at the same time share one answer.
    virtual void list(ListDone done) = 0;

    virtual void get(std::string_view display, std::uint8_t feature, GetDone done) = 0;

    /// The value that `text` means for `feature`: "0x" and up to four hexadecimal digits, or for
    /// feature 0x60 a name such as "hdmi-1". InvalidArgument: anything else, decimal numbers
    /// included; NotSupported: this is not written, because it has left monitors dead.
    [[nodiscard]] virtual Result<std::uint16_t> check(std::uint8_t feature,
                                                      std::string_view text) const = 0;

    /// `value`: as check() gave it. That it was sent is all that can be known: no monitor confirms
    /// that it obeyed.
    virtual void set(std::string_view display, std::uint8_t feature, std::uint16_t value,
                     SetDone done) = 0;

    /// Takes seconds, and fails with many monitors that can be switched all the same.
    virtual void capabilities(std::string_view display, CapabilitiesDone done) = 0;

    using TestDone = std::function<void(Result<std::vector<ReturnTrial>>)>;
    /// Shows the guest's input on one monitor of the configuration for `away` (1 to 10 s) and then
    /// tries to come back, once for each way home that it has. Whatever ends the test, the monitor
    /// is brought home after it. NotFound: no such target or monitor; Busy, too: a target is
    /// active, or another test runs.
    virtual void test_return(std::string_view target, std::string_view monitor, Milliseconds away,
                             TestDone done) = 0;
    /// Ends a test before its time, with Cancelled.
    virtual void stop_test() = 0;

    static constexpr Milliseconds kLeastAway{1000};
    static constexpr Milliseconds kMostAway{10000};

  protected:
    ~DisplaysPort() = default;
};

} // namespace spicykvm::core
