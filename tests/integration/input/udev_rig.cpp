// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "udev_rig.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <sys/ioctl.h>
#include <umockdev.h>
#include <unistd.h>

#ifdef SPICYKVM_SANITIZED
/// umockdev and GLib are not instrumented: ThreadSanitizer does not see how they synchronise.
extern "C" const char* __tsan_default_options();
extern "C" const char* __tsan_default_options() {
    return "ignore_noninstrumented_modules=1";
}
#endif

namespace spicykvm::test {

namespace {

std::string node_path(int number) {
    return "/dev/input/event" + std::to_string(number);
}

std::string device_path(int number) {
    const std::string digits = std::to_string(number);
    return "/devices/rig/input/input" + digits + "/event" + digits;
}

template <typename Bits>
void set_bit(Bits& bits, int code) {
    auto& byte = bits[static_cast<std::size_t>(code) / 8];
    byte = static_cast<std::uint8_t>(byte | 1U << (code % 8));
}

} // namespace

struct UdevRig::Node {
    std::mutex mutex; ///< umockdev asks from a thread of its own
    std::string name;
    UMockdevIoctlBase* handler = nullptr;
    std::array<std::uint8_t, KEY_CNT / 8> held{};
    std::array<std::uint8_t, 8> leds{};
    bool busy = false;
    bool gone = false;
    NodeRecord record;

    static gboolean on_ioctl(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer data);
    static gboolean on_read(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer data);
    static gboolean on_write(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer data);

    void answer(UMockdevIoctlClient* client, gulong request, UMockdevIoctlData* argument);
    void answer_query(UMockdevIoctlClient* client, gulong request, UMockdevIoctlData* argument);
};

namespace {

void complete(UMockdevIoctlClient* client, glong result, int error = 0) {
    umockdev_ioctl_client_complete(client, result, error);
}

void put(UMockdevIoctlClient* client, gulong request, UMockdevIoctlData* argument,
         const void* source, std::size_t size) {
    const std::size_t room = _IOC_SIZE(request);
    UMockdevIoctlData* const data = umockdev_ioctl_data_resolve(argument, 0, room, nullptr);
    const std::size_t count = std::min(size, room);
    std::memset(data->data, 0, room);
    std::memcpy(data->data, source, count);
    complete(client, static_cast<glong>(count));
}

long value_of(UMockdevIoctlData* argument) {
    long value = 0;
    std::memcpy(&value, argument->data, sizeof value);
    return value;
}

} // namespace

void UdevRig::Node::answer(UMockdevIoctlClient* client, gulong request,
                           UMockdevIoctlData* argument) {
    switch (request) {
    case EVIOCGVERSION: {
        const int version = EV_VERSION;
        return put(client, request, argument, &version, sizeof version);
    }
    case EVIOCGID: {
        const input_id id{BUS_USB, 0x1234, 0x0001, 0x0110};
        return put(client, request, argument, &id, sizeof id);
    }
    case EVIOCGREP: {
        const std::array<unsigned, 2> repeat{250, 33};
        return put(client, request, argument, repeat.data(), sizeof repeat);
    }
    case EVIOCSCLOCKID:
        record.monotonic = true;
        return complete(client, 0);
    case EVIOCSMASK: {
        auto* const data = umockdev_ioctl_data_resolve(argument, 0, sizeof(input_mask), nullptr);
        input_mask mask{};
        std::memcpy(&mask, data->data, sizeof mask);
        if (mask.codes_size % 8 != 0) {
            return complete(client, -1, EINVAL);
        }
        auto* const codes = umockdev_ioctl_data_resolve(data, offsetof(input_mask, codes_ptr),
                                                        mask.codes_size, nullptr);
        record.masks[mask.type].assign(codes->data, codes->data + mask.codes_size);
        return complete(client, 0);
    }
    case EVIOCGRAB:
        if (busy) {
            return complete(client, -1, EBUSY);
        }
        record.grabbed = value_of(argument) != 0;
        return complete(client, 0);
    default:
        return answer_query(client, request, argument);
    }
}

void UdevRig::Node::answer_query(UMockdevIoctlClient* client, gulong request,
                                 UMockdevIoctlData* argument) {
    constexpr unsigned kFirstBits = 0x20; // EVIOCGBIT(0, ...)
    const unsigned number = _IOC_NR(request);
    std::array<std::uint8_t, KEY_CNT / 8> bits{};
    switch (number) {
    case _IOC_NR(EVIOCGNAME(0)):
        return put(client, request, argument, name.c_str(), name.size() + 1);
    case _IOC_NR(EVIOCGPHYS(0)): {
        constexpr char kPhys[] = "rig-1/input0";
        return put(client, request, argument, kPhys, sizeof kPhys);
    }
    case _IOC_NR(EVIOCGUNIQ(0)):
        return complete(client, -1, ENOENT);
    case _IOC_NR(EVIOCGKEY(0)):
        return put(client, request, argument, held.data(), held.size());
    case _IOC_NR(EVIOCGLED(0)):
        return put(client, request, argument, leds.data(), leds.size());
    case kFirstBits:
        for (const int type : {EV_SYN, EV_KEY, EV_MSC, EV_LED, EV_REP}) {
            set_bit(bits, type);
        }
        break;
    case kFirstBits + EV_KEY:
        for (int code = KEY_ESC; code < 240; ++code) {
            set_bit(bits, code);
        }
        break;
    case kFirstBits + EV_LED:
        for (const int led : {LED_NUML, LED_CAPSL, LED_SCROLLL}) {
            set_bit(bits, led);
        }
        break;
    default:
        break; // has none of it
    }
    put(client, request, argument, bits.data(), bits.size());
}

gboolean UdevRig::Node::on_ioctl(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer data) {
    auto& node = *static_cast<Node*>(data);
    const std::lock_guard lock(node.mutex);
    node.answer(client, umockdev_ioctl_client_get_request(client),
                umockdev_ioctl_client_get_arg(client));
    return TRUE;
}

gboolean UdevRig::Node::on_read(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer data) {
    auto& node = *static_cast<Node*>(data);
    const std::lock_guard lock(node.mutex);
    if (node.gone) {
        complete(client, -1, ENODEV);
    }
    return node.gone ? TRUE : FALSE; // else the pty answers
}

gboolean UdevRig::Node::on_write(UMockdevIoctlBase*, UMockdevIoctlClient* client, gpointer data) {
    auto& node = *static_cast<Node*>(data);
    const std::lock_guard lock(node.mutex);
    UMockdevIoctlData* const argument = umockdev_ioctl_client_get_arg(client);
    const auto size = static_cast<std::size_t>(argument->data_len);
    for (std::size_t at = 0; at + sizeof(input_event) <= size; at += sizeof(input_event)) {
        input_event event{};
        std::memcpy(&event, argument->data + at, sizeof event);
        node.record.written.push_back(event);
    }
    complete(client, static_cast<glong>(size));
    return TRUE;
}

UdevRig::UdevRig() : testbed_(umockdev_testbed_new()) {}

UdevRig::~UdevRig() {
    for (auto& [number, node] : nodes_) {
        g_object_unref(node->handler);
    }
    g_object_unref(testbed_); // removes its folder
}

bool UdevRig::available() {
    const char* const preloaded = std::getenv("LD_PRELOAD");
    return preloaded != nullptr && std::strstr(preloaded, "libumockdev-preload") != nullptr;
}

void UdevRig::plug(int number, const std::string& name) {
    auto node = std::make_unique<Node>();
    node->name = name;
    node->handler = umockdev_ioctl_base_new();
    g_signal_connect(node->handler, "handle-ioctl", G_CALLBACK(Node::on_ioctl), node.get());
    g_signal_connect(node->handler, "handle-read", G_CALLBACK(Node::on_read), node.get());
    g_signal_connect(node->handler, "handle-write", G_CALLBACK(Node::on_write), node.get());
    GError* error = nullptr;
    // Before the device is there: adding it sends udev's message at once.
    if (!umockdev_testbed_attach_ioctl(testbed_, node_path(number).c_str(), node->handler,
                                       &error)) {
        throw std::runtime_error(error->message);
    }
    nodes_[number] = std::move(node);
    const std::string digits = std::to_string(number);
    const std::string minor = std::to_string(64 + number);
    const std::string parent = "/devices/rig/input/input" + digits;
    const std::string record = "P: " + parent + "\nE: SUBSYSTEM=input\nA: name=" + name +
                               "\n\nP: " + device_path(number) + "\nN: input/event" + digits +
                               "\nE: SUBSYSTEM=input\nE: DEVNAME=" + node_path(number) +
                               "\nE: MAJOR=13\nE: MINOR=" + minor +
                               "\nE: ID_INPUT=1\nE: ID_INPUT_KEY=1\nE: ID_INPUT_KEYBOARD=1\n"
                               "A: dev=13:" +
                               minor + "\n\n";
    if (!umockdev_testbed_add_from_string(testbed_, record.c_str(), &error)) {
        throw std::runtime_error(error->message);
    }
}

void UdevRig::unplug(int number) {
    {
        Node& node = *nodes_.at(number);
        const std::lock_guard lock(node.mutex);
        node.gone = true;
    }
    type(number, KEY_A); // wakes the reader up, as the kernel does with EPOLLHUP
    const std::string path = "/sys" + device_path(number);
    umockdev_testbed_uevent(testbed_, path.c_str(), "remove");
    umockdev_testbed_remove_device(testbed_, path.c_str());
}

void UdevRig::type(int number, int code) {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    std::array<input_event, 4> events{};
    for (input_event& event : events) {
        event.input_event_sec = now.tv_sec;
        event.input_event_usec = now.tv_nsec / 1000;
    }
    events[0].type = events[2].type = EV_KEY;
    events[0].code = events[2].code = static_cast<std::uint16_t>(code);
    events[0].value = 1;
    const int fd = umockdev_testbed_get_dev_fd(testbed_, node_path(number).c_str());
    if (::write(fd, events.data(), sizeof events) != sizeof events) {
        throw std::runtime_error("write");
    }
}

void UdevRig::set_held(int number, std::vector<int> codes) {
    Node& node = *nodes_.at(number);
    const std::lock_guard lock(node.mutex);
    node.held = {};
    for (const int code : codes) {
        set_bit(node.held, code);
    }
}

void UdevRig::set_leds(int number, core::LedState leds) {
    Node& node = *nodes_.at(number);
    const std::lock_guard lock(node.mutex);
    node.leds = {};
    if (leds.num) {
        set_bit(node.leds, LED_NUML);
    }
    if (leds.caps) {
        set_bit(node.leds, LED_CAPSL);
    }
    if (leds.scroll) {
        set_bit(node.leds, LED_SCROLLL);
    }
}

void UdevRig::set_busy(int number) {
    Node& node = *nodes_.at(number);
    const std::lock_guard lock(node.mutex);
    node.busy = true;
}

NodeRecord UdevRig::record(int number) {
    Node& node = *nodes_.at(number);
    const std::lock_guard lock(node.mutex);
    return node.record;
}

} // namespace spicykvm::test
