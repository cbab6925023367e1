// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "base/time.h"
#include "input/input_node.h"

#include <cstdint>
#include <memory>
#include <span>

namespace spicykvm::bench {

/// A keyboard and mouse in one, whose events the benchmark makes.
class Device {
  public:
    struct Change {
        std::uint16_t type;
        std::uint16_t code;
        std::int32_t value;
    };

    virtual ~Device() = default;

    /// One report; SYN_REPORT is added.
    virtual void emit(std::span<const Change> changes) = 0;
    void key(std::uint16_t code, bool down);
    void tap(std::uint16_t code);
    void move(std::int32_t dx, std::int32_t dy);

    /// For the input thread. Once at most.
    [[nodiscard]] virtual std::unique_ptr<input::InputNode> open_node() = 0;
    /// All events, for nobody else. Once at most, and not with open_node().
    [[nodiscard]] virtual Fd open_bare() = 0;
    /// What the host's desktop would see; none if there is no such thing.
    [[nodiscard]] virtual Fd open_as_host() = 0;
};

enum class DeviceKind {
    Pipe,   ///< events written into a pipe: nothing of the kernel's input layer
    Uinput, ///< a virtual device with an event node of the kernel
};
[[nodiscard]] std::unique_ptr<Device> make_device(DeviceKind kind);

enum class Stream { Motion, Keys };

/// Emits as many reports as `sent` has places, evenly paced, and notes when: just before each.
/// Keys go down and up in turn. Motion number n is (1, n), so that the sum of several still tells
/// which they were: see Peer.
void inject(Device& device, Stream stream, unsigned per_second, std::span<TimePoint> sent);

} // namespace spicykvm::bench
