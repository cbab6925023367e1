// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/device_monitor.h"

#include "base/log.h"

#include <array>
#include <cstring>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <system_error>
#include <systemd/sd-device.h>
#include <systemd/sd-event.h>

namespace spicykvm::input {

namespace {

/// For about a thousand devices at once; the default is 200 kB.
constexpr std::size_t kReceiveBuffer = 1024 * 1024;

struct DeviceDeleter {
    void operator()(sd_device* device) const noexcept { sd_device_unref(device); }
};
using DevicePtr = std::unique_ptr<sd_device, DeviceDeleter>;

struct EnumeratorDeleter {
    void operator()(sd_device_enumerator* enumerator) const noexcept {
        sd_device_enumerator_unref(enumerator);
    }
};
using EnumeratorPtr = std::unique_ptr<sd_device_enumerator, EnumeratorDeleter>;

std::string message_of(int error) {
    return std::generic_category().message(error < 0 ? -error : error);
}

bool has_property(sd_device* device, const char* key) {
    const char* value = nullptr;
    return sd_device_get_property_value(device, key, &value) >= 0 && std::strcmp(value, "1") == 0;
}

bool has_input(sd_device* device) {
    constexpr std::array kClasses = {
        "ID_INPUT_KEY",      "ID_INPUT_KEYBOARD", "ID_INPUT_MOUSE",    "ID_INPUT_POINTINGSTICK",
        "ID_INPUT_TOUCHPAD", "ID_INPUT_TABLET",   "ID_INPUT_JOYSTICK", "ID_INPUT_TRACKBALL"};
    for (const char* name : kClasses) {
        if (has_property(device, name)) {
            return true;
        }
    }
    return false;
}

std::string name_of(sd_device* device) {
    sd_device* parent = nullptr; // borrowed
    const char* name = nullptr;
    if (sd_device_get_parent(device, &parent) < 0 ||
        sd_device_get_sysattr_value(parent, "name", &name) < 0) {
        return {};
    }
    return name;
}

FoundNode describe(sd_device* device, const char* path) {
    FoundNode node;
    node.identity.path = path;
    node.identity.name = name_of(device);
    node.has_input = has_input(device);
    const char* seat = nullptr;
    if (sd_device_get_property_value(device, "ID_SEAT", &seat) >= 0) {
        node.identity.seat = seat;
    }
    const char* syspath = nullptr;
    // Not all of /sys/devices/virtual: Bluetooth LE devices are below /sys/devices/virtual/misc.
    node.identity.is_virtual =
        sd_device_get_syspath(device, &syspath) >= 0 &&
        std::string_view(syspath).find("/devices/virtual/input/") != std::string_view::npos;
    return node;
}

/// The path if it is an event node.
const char* event_node(sd_device* device) {
    const char* name = nullptr;
    const char* path = nullptr;
    if (sd_device_get_sysname(device, &name) < 0 || std::strncmp(name, "event", 5) != 0 ||
        sd_device_get_devname(device, &path) < 0) {
        return nullptr;
    }
    return path;
}

} // namespace

DeviceMonitor::DeviceMonitor(EventLoop& loop, Observer& observer)
    : loop_(loop), observer_(observer) {
    int result = sd_device_monitor_new(&monitor_);
    if (result >= 0) {
        // Refused beyond net.core.rmem_max without CAP_NET_ADMIN: what we get is enough for most.
        (void)sd_device_monitor_set_receive_buffer_size(monitor_, kReceiveBuffer);
        result = sd_device_monitor_filter_add_match_subsystem_devtype(monitor_, "input", nullptr);
    }
    if (result >= 0) {
        result = sd_device_monitor_attach_event(monitor_, loop_.raw());
    }
    if (result >= 0) {
        result = sd_device_monitor_start(monitor_, on_device, this);
    }
    if (result < 0) {
        log("input").warn("cannot follow udev: {}; devices that come later are not noticed",
                          message_of(result));
    }
}

DeviceMonitor::~DeviceMonitor() {
    sd_device_monitor_unref(monitor_);
}

void DeviceMonitor::enumerate() {
    sd_device_enumerator* raw = nullptr;
    int result = sd_device_enumerator_new(&raw);
    const EnumeratorPtr enumerator(raw);
    if (result >= 0) {
        result = sd_device_enumerator_add_match_subsystem(raw, "input", 1);
    }
    if (result >= 0) {
        result = sd_device_enumerator_add_match_sysname(raw, "event*");
    }
    if (result < 0) {
        log("input").warn("cannot list devices: {}", message_of(result));
        return;
    }
    for (sd_device* device = sd_device_enumerator_get_device_first(raw); device != nullptr;
         device = sd_device_enumerator_get_device_next(raw)) {
        if (const char* path = event_node(device)) {
            observer_.on_node_found(describe(device, path));
        }
    }
    observer_.on_nodes_settled();
}

FoundNode DeviceMonitor::look_up(const std::string& path) {
    sd_device* raw = nullptr;
    if (sd_device_new_from_devname(&raw, path.c_str()) < 0) {
        FoundNode unknown;
        unknown.identity.path = path;
        return unknown;
    }
    const DevicePtr device(raw);
    return describe(raw, path.c_str());
}

int DeviceMonitor::on_device(sd_device_monitor*, sd_device* device, void* userdata) noexcept {
    static_cast<DeviceMonitor*>(userdata)->handle(device);
    return 0;
}

void DeviceMonitor::handle(sd_device* device) {
    sd_device_action_t action = SD_DEVICE_ADD;
    const char* const path = event_node(device);
    if (path != nullptr && sd_device_get_action(device, &action) >= 0) {
        // "change", "bind" and the like say nothing about what can be read from it.
        if (action == SD_DEVICE_ADD) {
            observer_.on_node_found(describe(device, path));
            observer_.on_nodes_settled();
        } else if (action == SD_DEVICE_REMOVE) {
            observer_.on_node_gone(path);
            observer_.on_nodes_settled();
        }
    }
    if (lost_messages()) {
        log("input").warn("udev's messages came too fast; listing all devices again");
        enumerate();
    }
}

/// sd-device says nothing of messages that its socket had no room for. They are lost while others
/// wait to be read, so it is enough to ask when one comes.
bool DeviceMonitor::lost_messages() {
    sd_event_source* const source = sd_device_monitor_get_event_source(monitor_);
    const int fd = source != nullptr ? sd_event_source_get_io_fd(source) : -1;
    std::array<std::uint32_t, SK_MEMINFO_VARS> info{};
    socklen_t size = sizeof info;
    if (fd < 0 || ::getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info.data(), &size) != 0) {
        return false;
    }
    const std::uint32_t before = std::exchange(dropped_, info[SK_MEMINFO_DROPS]);
    return dropped_ != before;
}

} // namespace spicykvm::input
