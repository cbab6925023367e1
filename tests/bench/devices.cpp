// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/devices.h"

#include "input/evdev_node.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <linux/uinput.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <system_error>
#include <unistd.h>

namespace spicykvm::bench {

namespace {

constexpr std::size_t kMostChanges = 8;
constexpr char kName[] = "spicykvm benchmark";

void check(bool good, const char* what) {
    if (!good) {
        throw std::system_error(errno, std::generic_category(), what);
    }
}

input_event event_of(std::uint16_t type, std::uint16_t code, std::int32_t value) {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    input_event event{};
    event.input_event_sec = now.tv_sec;
    event.input_event_usec = now.tv_nsec / 1000;
    event.type = type;
    event.code = code;
    event.value = value;
    return event;
}

/// One write() for the whole report, as an event device delivers it.
void write_report(int fd, std::span<const Device::Change> changes) {
    std::array<input_event, kMostChanges + 1> events{};
    std::size_t used = 0;
    for (const auto& change : changes.first(std::min(changes.size(), kMostChanges))) {
        events[used++] = event_of(change.type, change.code, change.value);
    }
    events[used++] = event_of(EV_SYN, SYN_REPORT, 0);
    const auto size = static_cast<ssize_t>(used * sizeof(input_event));
    check(::write(fd, events.data(), used * sizeof(input_event)) == size, "write an event");
}

/// A node without a device: nobody else is there to take it from.
class PipeNode final : public input::InputNode {
  public:
    explicit PipeNode(Fd fd) : fd_(std::move(fd)) {
        identity_.path = identity_.name = kName;
        identity_.keys.set();
        identity_.motion = true;
    }
    [[nodiscard]] const input::NodeIdentity& identity() const noexcept override {
        return identity_;
    }
    [[nodiscard]] int fd() const noexcept override { return fd_.get(); }
    [[nodiscard]] std::errc grab() noexcept override { return {}; }
    std::errc ungrab() noexcept override { return {}; }
    std::errc set_mask(input::NodeMask, const core::KeySet&) noexcept override { return {}; }
    [[nodiscard]] std::errc held_keys(core::KeySet& held) noexcept override {
        held = {};
        return {};
    }
    [[nodiscard]] std::errc write_keys(const core::KeySet&, bool) noexcept override { return {}; }
    [[nodiscard]] std::errc read_leds(core::LedState&) noexcept override { return {}; }
    std::errc write_leds(core::LedState) noexcept override { return {}; }

  private:
    Fd fd_;
    input::NodeIdentity identity_;
};

std::string node_of(int uinput) {
    std::array<char, 64> name{};
    check(::ioctl(uinput, UI_GET_SYSNAME(name.size()), name.data()) >= 0, "UI_GET_SYSNAME");
    const auto folder = std::string("/sys/devices/virtual/input/") + name.data();
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (const auto leaf = entry.path().filename().string(); leaf.starts_with("event")) {
            return "/dev/input/" + leaf;
        }
    }
    throw std::runtime_error("no event node for a new input device: is evdev loaded?");
}

Fd open_node_of(const std::string& path) {
    Fd fd(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    check(fd.valid(), path.c_str());
    int clock = CLOCK_MONOTONIC;
    check(::ioctl(fd.get(), EVIOCSCLOCKID, &clock) == 0, "EVIOCSCLOCKID");
    return fd;
}

} // namespace

PipeDevice::PipeDevice() {
    int ends[2];
    check(::pipe2(ends, O_CLOEXEC) == 0, "pipe2");
    read_end_ = Fd(ends[0]);
    write_end_ = Fd(ends[1]);
    check(::fcntl(read_end_.get(), F_SETFL, O_NONBLOCK) == 0, "O_NONBLOCK");
}

void PipeDevice::emit(std::span<const Change> changes) {
    write_report(write_end_.get(), changes);
}

std::unique_ptr<input::InputNode> PipeDevice::open_node() {
    return std::make_unique<PipeNode>(std::move(read_end_));
}

UinputDevice::UinputDevice() : uinput_(::open("/dev/uinput", O_RDWR | O_CLOEXEC)) {
    check(uinput_.valid(), "open /dev/uinput");
    const int fd = uinput_.get();
    for (const int type : {EV_KEY, EV_REL}) {
        check(::ioctl(fd, UI_SET_EVBIT, type) == 0, "UI_SET_EVBIT");
    }
    for (int code = 1; code < KEY_MICMUTE; ++code) {
        ::ioctl(fd, UI_SET_KEYBIT, code);
    }
    ::ioctl(fd, UI_SET_KEYBIT, BTN_LEFT);
    for (const int axis : {REL_X, REL_Y}) {
        ::ioctl(fd, UI_SET_RELBIT, axis);
    }
    uinput_setup setup{};
    setup.id = {BUS_VIRTUAL, 0x1209, 0x0001, 1};
    std::snprintf(setup.name, sizeof setup.name, "%s", kName);
    check(::ioctl(fd, UI_DEV_SETUP, &setup) == 0, "UI_DEV_SETUP");
    check(::ioctl(fd, UI_DEV_CREATE) == 0, "UI_DEV_CREATE");
    path_ = node_of(fd);
}

UinputDevice::~UinputDevice() {
    ::ioctl(uinput_.get(), UI_DEV_DESTROY);
}

void UinputDevice::emit(std::span<const Change> changes) {
    write_report(uinput_.get(), changes);
}

std::unique_ptr<input::InputNode> UinputDevice::open_node() {
    input::NodeIdentity known;
    known.path = path_;
    known.is_virtual = true;
    auto node = input::EvdevNode::open(std::move(known));
    if (!node) {
        throw std::runtime_error(node.error().message);
    }
    return std::move(*node);
}

Fd UinputDevice::open_bare() {
    Fd fd = open_node_of(path_);
    check(::ioctl(fd.get(), EVIOCGRAB, 1) == 0, "EVIOCGRAB");
    return fd;
}

Fd UinputDevice::open_as_host() {
    return open_node_of(path_);
}

} // namespace spicykvm::bench
