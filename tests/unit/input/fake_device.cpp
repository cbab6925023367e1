// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_device.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace spicykvm::input::test {

namespace {

using Lock = std::lock_guard<std::recursive_mutex>;

} // namespace

class FakeDevice::Node final : public InputNode {
  public:
    Node(std::shared_ptr<FakeDevice> device, Fd fd)
        : device_(std::move(device)), identity_(device_->identity_), fd_(std::move(fd)) {}
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    ~Node() override {
        const Lock lock(device_->mutex_);
        device_->open_ = false;
        device_->grabbed_ = false;
    }

    [[nodiscard]] const NodeIdentity& identity() const noexcept override { return identity_; }
    [[nodiscard]] int fd() const noexcept override { return fd_.get(); }

    [[nodiscard]] std::errc grab() noexcept override {
        if (device_->before_grab) {
            device_->before_grab();
        }
        const Lock lock(device_->mutex_);
        if (device_->gone_) {
            return std::errc::no_such_device;
        }
        if (device_->grab_error == std::errc{}) {
            device_->grabbed_ = true;
        }
        return device_->grab_error;
    }
    std::errc ungrab() noexcept override {
        if (device_->on_ungrab) {
            device_->on_ungrab();
        }
        const Lock lock(device_->mutex_);
        device_->grabbed_ = false;
        return device_->gone_ ? std::errc::no_such_device : std::errc{};
    }
    std::errc set_mask(NodeMask mask, const core::KeySet& hotkeys) noexcept override {
        const Lock lock(device_->mutex_);
        device_->mask_ = mask;
        device_->hotkeys_ = hotkeys;
        return device_->mask_error;
    }
    [[nodiscard]] std::errc held_keys(core::KeySet& held) noexcept override {
        const Lock lock(device_->mutex_);
        if (device_->gone_) {
            return std::errc::no_such_device;
        }
        device_->drop_queued_keys();
        held = device_->state_;
        return {};
    }
    [[nodiscard]] std::errc write_keys(const core::KeySet& keys, bool down) noexcept override {
        const Lock lock(device_->mutex_);
        if (!identity_.writable) {
            return std::errc::bad_file_descriptor;
        }
        for (int code = 0; code < KEY_CNT; ++code) {
            if (keys.test(static_cast<std::size_t>(code)) && device_->change(code, down ? 1 : 0)) {
                device_->deliver(EV_KEY, code, down ? 1 : 0);
            }
        }
        return {};
    }
    [[nodiscard]] std::errc read_leds(core::LedState& now) noexcept override {
        const Lock lock(device_->mutex_);
        now = device_->leds;
        return {};
    }
    std::errc write_leds(core::LedState now) noexcept override {
        const Lock lock(device_->mutex_);
        device_->leds = now;
        device_->leds_written_.push_back(now);
        return {};
    }

  private:
    std::shared_ptr<FakeDevice> device_;
    NodeIdentity identity_;
    Fd fd_;
};

FakeDevice::FakeDevice(NodeIdentity identity, Now now) : identity_(std::move(identity)), now_(now) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        throw std::runtime_error("pipe2");
    }
    read_end_ = Fd(ends[0]);
    read_fd_ = ends[0];
    write_end_ = Fd(ends[1]);
}

NodeIdentity FakeDevice::keyboard(const std::string& path, const std::string& phys) {
    NodeIdentity identity;
    identity.path = path;
    identity.name = "Fake Keyboard";
    identity.phys = phys;
    identity.bus = BUS_USB;
    identity.id = {0x1234, 0x0001};
    for (std::size_t code = KEY_ESC; code < 240; ++code) {
        identity.keys.set(code);
    }
    identity.leds = true;
    identity.repeats = true;
    return identity;
}

NodeIdentity FakeDevice::mouse(const std::string& path, const std::string& phys) {
    NodeIdentity identity;
    identity.path = path;
    identity.name = "Fake Mouse";
    identity.phys = phys;
    identity.bus = BUS_USB;
    identity.id = {0x1234, 0x0002};
    for (std::size_t code = BTN_LEFT; code <= BTN_TASK; ++code) {
        identity.keys.set(code);
    }
    identity.motion = true;
    return identity;
}

std::unique_ptr<InputNode> FakeDevice::open() {
    open_ = true;
    return std::make_unique<Node>(shared_from_this(), std::move(read_end_));
}

void FakeDevice::physical(int code, int value) {
    const Lock lock(mutex_);
    if (change(code, value)) {
        deliver(EV_KEY, code, value);
    }
}

void FakeDevice::type(int code) {
    const Lock lock(mutex_);
    std::vector<input_event> events;
    together_ = &events;
    physical(code, 1);
    physical(code, 0);
    together_ = nullptr;
    for (input_event& one : events) {
        one.time = events.front().time;
    }
    queue(events);
}

/// The kernel passes on only what changes a key's state.
bool FakeDevice::change(int code, int value) {
    const auto place = static_cast<std::size_t>(code);
    if (state_.test(place) == (value != 0)) {
        return false;
    }
    state_.set(place, value != 0);
    return true;
}

void FakeDevice::repeat(int code) {
    const Lock lock(mutex_);
    deliver(EV_KEY, code, 2);
}

void FakeDevice::move(int dx, int dy) {
    const Lock lock(mutex_);
    if (!grabbed_) {
        ++motions_on_host_;
    }
    if (lets_through(EV_REL, REL_X)) {
        queue({event(EV_REL, REL_X, dx), event(EV_REL, REL_Y, dy), event(EV_SYN, SYN_REPORT, 0)});
    }
}

void FakeDevice::deliver(std::uint16_t type, int code, int value) {
    if (!grabbed_ && type == EV_KEY) {
        host_.set(static_cast<std::size_t>(code), value != 0);
        if (value == 1) {
            pressed_on_host_.push_back(code);
        }
    }
    if (lets_through(type, code)) {
        queue({event(type, code, value), event(EV_SYN, SYN_REPORT, 0)});
    }
}

bool FakeDevice::lets_through(std::uint16_t type, int code) const {
    if (!open_ || gone_) {
        return false;
    }
    if (type == EV_REL) {
        return mask_.motion;
    }
    return mask_.keys == NodeMask::Keys::All ||
           (mask_.keys == NodeMask::Keys::Hotkeys && hotkeys_.test(static_cast<std::size_t>(code)));
}

input_event FakeDevice::event(std::uint16_t type, int code, int value) const {
    const auto since = std::chrono::duration_cast<Microseconds>(now_().time_since_epoch());
    input_event event{};
    event.input_event_sec = since.count() / 1'000'000;
    event.input_event_usec = since.count() % 1'000'000;
    event.type = type;
    event.code = static_cast<std::uint16_t>(code);
    event.value = value;
    return event;
}

/// At once: a reader never sees part of a packet.
void FakeDevice::queue(const std::vector<input_event>& events) {
    if (together_ != nullptr) {
        together_->insert(together_->end(), events.begin(), events.end());
        return;
    }
    const auto size = static_cast<ssize_t>(events.size() * sizeof(input_event));
    if (size > 0 &&
        ::write(write_end_.get(), events.data(), events.size() * sizeof(input_event)) != size) {
        throw std::runtime_error("the pipe is full");
    }
}

void FakeDevice::drop_queued_keys() {
    std::vector<input_event> kept;
    input_event event{};
    while (::read(read_fd_, &event, sizeof event) == sizeof event) {
        if (event.type != EV_KEY) {
            kept.push_back(event);
        }
    }
    for (const input_event& one : kept) {
        (void)!::write(write_end_.get(), &one, sizeof one);
    }
}

void FakeDevice::overflow() {
    const Lock lock(mutex_);
    input_event read{};
    while (::read(read_fd_, &read, sizeof read) == sizeof read) {
    }
    queue({event(EV_SYN, SYN_DROPPED, 0), event(EV_SYN, SYN_REPORT, 0)});
}

void FakeDevice::unplug() {
    const Lock lock(mutex_);
    gone_ = true;
    grabbed_ = false;
    host_.reset(); // the kernel releases what was down
    write_end_.reset();
}

bool FakeDevice::grabbed() const {
    const Lock lock(mutex_);
    return grabbed_;
}

bool FakeDevice::open_now() const {
    const Lock lock(mutex_);
    return open_;
}

NodeMask FakeDevice::mask() const {
    const Lock lock(mutex_);
    return mask_;
}

std::vector<int> FakeDevice::down_on_host() const {
    const Lock lock(mutex_);
    std::vector<int> down;
    for (int code = 0; code < KEY_CNT; ++code) {
        if (host_.test(static_cast<std::size_t>(code))) {
            down.push_back(code);
        }
    }
    return down;
}

std::vector<int> FakeDevice::pressed_on_host() const {
    const Lock lock(mutex_);
    return pressed_on_host_;
}

unsigned FakeDevice::motions_on_host() const {
    const Lock lock(mutex_);
    return motions_on_host_;
}

std::vector<core::LedState> FakeDevice::leds_written() const {
    const Lock lock(mutex_);
    return leds_written_;
}

} // namespace spicykvm::input::test
