// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "input/input_node.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sd_device;
struct sd_device_monitor;

namespace spicykvm::input {

/// What udev knows of an event node.
struct FoundNode {
    NodeIdentity identity;  ///< path, name, seat, is_virtual; the rest is for who opens it
    bool has_input = false; ///< keys or axes, by udev's classes; else switches, jacks and the like
};

/// Follows /dev/input with udev: nodes come when their permissions and links are in place.
class DeviceMonitor {
  public:
    class Observer {
      public:
        virtual void on_node_found(const FoundNode& node) = 0;
        virtual void on_node_gone(std::string_view path) = 0;
        /// After a bunch of the above.
        virtual void on_nodes_settled() = 0;

      protected:
        ~Observer() = default;
    };

    /// Without udev, as in a container, there is nothing to follow; that is logged.
    DeviceMonitor(EventLoop& loop, Observer& observer);
    DeviceMonitor(const DeviceMonitor&) = delete;
    DeviceMonitor& operator=(const DeviceMonitor&) = delete;
    ~DeviceMonitor();

    /// Reports every node that is there, maybe again.
    void enumerate();
    /// What is known of a node by its path, even if udev has not seen it.
    [[nodiscard]] static FoundNode look_up(const std::string& path);

  private:
    static int on_device(sd_device_monitor*, sd_device* device, void* userdata) noexcept;
    void handle(sd_device* device);
    [[nodiscard]] bool lost_messages();

    EventLoop& loop_;
    Observer& observer_;
    sd_device_monitor* monitor_ = nullptr;
    std::uint32_t dropped_ = 0;
};

} // namespace spicykvm::input
