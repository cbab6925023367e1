// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "ddc/helper/i2c_node.h"
#include "support/edid_bytes.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace spicykvm::test {

/// What monitors and drivers have been seen to do.
struct Habits {
    Bytes edid = edid_bytes();
    std::uint16_t host_input = 0x0f;
    bool deaf_while_away = false; ///< answers only on the input that it shows
    unsigned nulls = 0;           ///< so many requests are answered with the null message
    bool doubled_first_byte = false;
    std::optional<std::uint16_t> lie{}; ///< what every get of the input reads
    Milliseconds deaf_after_switch{0};
    std::optional<Milliseconds> bounces_back{}; ///< to the input before, without a signal
    unsigned loses_sets = 0;                    ///< so many are ACKed and forgotten
    unsigned nacks = 0;                         ///< so many transfers to 0x37 fail
    int nack_error = 6;                         ///< ENXIO
    bool no_rdwr = false;                       ///< EINVAL on I2C_RDWR
    bool driver_bound = false;                  ///< EBUSY on I2C_SLAVE
    bool wedged = false;                        ///< takes bytes, answers nothing but EIO
    std::string capabilities = "(prot(monitor)vcp(10 60(0F 11)))";
};

/// A monitor on an I2C bus, which checks what it is sent by itself.
class BadMonitor {
  public:
    explicit BadMonitor(Habits habits = {})
        : habits_(std::move(habits)), input_(habits_.host_input) {}

    int write(std::uint16_t address, ByteSpan bytes, TimePoint now);
    int read(std::uint16_t address, std::span<std::uint8_t> bytes, TimePoint now);

    [[nodiscard]] Habits& habits() { return habits_; }
    [[nodiscard]] std::uint16_t input(TimePoint now);
    /// As by its own buttons, or over another cable.
    void show(std::uint16_t input) { input_ = input; }
    /// Every whole request that arrived, in order; also those it then forgot.
    [[nodiscard]] const std::vector<Bytes>& received() const { return received_; }
    /// The values of the sets of feature 0x60 and 0xf4 among them.
    [[nodiscard]] std::vector<std::uint16_t> sets() const;
    /// Bytes that were no request: a wrong checksum or length.
    [[nodiscard]] unsigned garbage() const { return garbage_; }

  private:
    [[nodiscard]] bool is_deaf(TimePoint now);
    void obey(ByteSpan request, TimePoint now);
    void answer(Bytes payload);

    Habits habits_;
    std::uint16_t input_;
    std::uint16_t input_before_ = 0;
    TimePoint switched_at_;
    std::vector<Bytes> received_;
    Bytes reply_;
    unsigned garbage_ = 0;
};

/// Nodes with such monitors behind them; time comes from `now`.
class BadNodes final : public ddc::I2cNodes {
  public:
    explicit BadNodes(std::function<TimePoint()> now) : now_(std::move(now)) {}

    BadMonitor& add(unsigned bus, Habits habits = {}) {
        return monitors_
            .insert_or_assign(ddc::Bus{static_cast<std::uint16_t>(bus)},
                              BadMonitor(std::move(habits)))
            .first->second;
    }
    Opened open(ddc::Bus bus) override;

    std::map<ddc::Bus, int> open_errors; ///< open() fails so
    bool locked_by_another = false;
    unsigned open_now = 0;
    unsigned opened = 0; ///< in all
    std::function<void()> before_transfer = [] {};

  private:
    friend class BadNode;
    std::function<TimePoint()> now_;
    std::map<ddc::Bus, BadMonitor> monitors_;
};

/// A clock that moves only when somebody waits.
class FakeWaiting final : public ddc::Waiting {
  public:
    TimePoint now() override { return time; }
    void wait(Milliseconds duration) override { time += duration; }

    TimePoint time{std::chrono::hours(1)};
};

} // namespace spicykvm::test
