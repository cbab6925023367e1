// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/evdev_node.h"

#include "diagnosis/node_access.h"

#include <array>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <libevdev/libevdev.h>
#include <linux/input.h>
#include <span>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace spicykvm::input {

namespace {

using EvdevPtr = std::unique_ptr<libevdev, decltype(&libevdev_free)>;

/// EVIOCSMASK wants a multiple of eight bytes (measured: else EINVAL).
using KeyBits = std::array<std::uint8_t, KEY_CNT / 8>;
static_assert(sizeof(KeyBits) % 8 == 0);
using FewBits = std::array<std::uint8_t, 8>;
static_assert(REL_CNT <= 64 && LED_CNT <= 64);

std::errc result_of(int returned) noexcept {
    return returned < 0 ? static_cast<std::errc>(errno) : std::errc{};
}

KeyBits to_bits(const core::KeySet& keys) noexcept {
    KeyBits bits{};
    for (std::size_t code = 0; code < keys.size(); ++code) {
        if (keys.test(code)) {
            bits[code / 8] = static_cast<std::uint8_t>(bits[code / 8] | (1U << (code % 8)));
        }
    }
    return bits;
}

core::KeySet to_keys(const KeyBits& bits) noexcept {
    core::KeySet keys;
    for (std::size_t code = 0; code < keys.size(); ++code) {
        keys.set(code, (bits[code / 8] >> (code % 8) & 1U) != 0);
    }
    return keys;
}

/// Lets through the codes of `type` whose bit is set, and no others.
std::errc set_type_mask(int fd, unsigned type, std::span<const std::uint8_t> bits) noexcept {
    input_mask mask{};
    mask.type = type;
    mask.codes_size = static_cast<std::uint32_t>(bits.size());
    mask.codes_ptr = reinterpret_cast<std::uintptr_t>(bits.data());
    return result_of(::ioctl(fd, EVIOCSMASK, &mask));
}

/// Types that are never looked at: scan codes, echoes of LEDs, switches. EV_SYN can't be masked,
/// but the kernel queues no report that has become empty.
std::errc mask_unused_types(int fd) noexcept {
    constexpr FewBits kNothing{};
    for (unsigned type = EV_KEY; type < EV_CNT; ++type) {
        if (const std::errc error = set_type_mask(fd, type, kNothing); error != std::errc{}) {
            return error;
        }
    }
    return {};
}

void drain(int fd) noexcept {
    std::array<input_event, 64> events;
    while (::read(fd, events.data(), sizeof events) > 0) {
    }
}

core::KeySet supported_keys(const libevdev* device) {
    core::KeySet keys;
    for (unsigned code = 0; code < KEY_CNT; ++code) {
        keys.set(code, libevdev_has_event_code(device, EV_KEY, code) == 1);
    }
    return keys;
}

/// ABS_VOLUME, ABS_MISC and the like are on ordinary keyboards and receivers.
bool has_position(const libevdev* device) {
    return libevdev_has_event_code(device, EV_ABS, ABS_X) == 1 ||
           libevdev_has_event_code(device, EV_ABS, ABS_RX) == 1 ||
           libevdev_has_event_code(device, EV_ABS, ABS_MT_POSITION_X) == 1;
}

std::string text(const char* value) {
    return value != nullptr ? value : "";
}

void read_identity(const libevdev* device, NodeIdentity& identity) {
    identity.name = text(libevdev_get_name(device));
    identity.phys = text(libevdev_get_phys(device));
    identity.uniq = text(libevdev_get_uniq(device));
    identity.bus = static_cast<std::uint16_t>(libevdev_get_id_bustype(device));
    identity.id = {static_cast<std::uint16_t>(libevdev_get_id_vendor(device)),
                   static_cast<std::uint16_t>(libevdev_get_id_product(device))};
    identity.keys = supported_keys(device);
    identity.motion = libevdev_has_event_code(device, EV_REL, REL_X) == 1 &&
                      libevdev_has_event_code(device, EV_REL, REL_Y) == 1;
    identity.absolute = has_position(device);
    identity.leds = libevdev_has_event_type(device, EV_LED) == 1;
    identity.repeats = libevdev_has_event_type(device, EV_REP) == 1;
}

/// Writes all of `events`, of which the kernel takes whole ones.
std::errc write_events(int fd, std::span<const input_event> events) noexcept {
    const ssize_t written = ::write(fd, events.data(), events.size_bytes());
    if (written < 0) {
        return static_cast<std::errc>(errno);
    }
    return static_cast<std::size_t>(written) == events.size_bytes() ? std::errc{}
                                                                    : std::errc::io_error;
}

input_event make_event(unsigned type, std::size_t code, bool value) noexcept {
    input_event event{};
    event.type = static_cast<std::uint16_t>(type);
    event.code = static_cast<std::uint16_t>(code);
    event.value = value ? 1 : 0;
    return event;
}

Failure open_failure(const std::string& path, int error) {
    const auto facts = diagnosis::look_at_node(diagnosis::NodeKind::Input, path);
    return fail(code_from_errno(error), diagnosis::open_failure(path, error, facts));
}

} // namespace

EvdevNode::EvdevNode(Fd fd, NodeIdentity identity) noexcept
    : fd_(std::move(fd)), identity_(std::move(identity)) {}

Result<std::unique_ptr<EvdevNode>> EvdevNode::open(NodeIdentity known) {
    Fd fd(::open(known.path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    known.writable = fd.valid();
    if (!fd.valid() && (errno == EACCES || errno == EPERM || errno == EROFS)) {
        fd = Fd(::open(known.path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    }
    if (!fd.valid()) {
        return open_failure(known.path, errno);
    }
    libevdev* raw = nullptr;
    if (const int result = libevdev_new_from_fd(fd.get(), &raw); result < 0) {
        return fail_errno("ask " + known.path + " what it is", -result);
    }
    const EvdevPtr device(raw, libevdev_free);
    read_identity(device.get(), known);
    if (libevdev_set_clock_id(device.get(), CLOCK_MONOTONIC) < 0) {
        return fail(ErrorCode::NotSupported, known.path + " has no monotonic time stamps");
    }
    if (const std::errc error = mask_unused_types(fd.get()); error != std::errc{}) {
        return fail_errno("limit " + known.path + " to hotkeys", static_cast<int>(error));
    }
    drain(fd.get()); // what came before the masks
    return std::unique_ptr<EvdevNode>(new EvdevNode(std::move(fd), std::move(known)));
}

std::errc EvdevNode::grab() noexcept {
    return result_of(::ioctl(fd_.get(), EVIOCGRAB, 1));
}

// The kernel hands events to everyone again at its first statement, then waits for two RCU grace
// periods: 30 ms with Linux 6.1 (measured: another reader had an event after 0.1 to 0.3 ms).
std::errc EvdevNode::ungrab() noexcept {
    return result_of(::ioctl(fd_.get(), EVIOCGRAB, 0));
}

std::errc EvdevNode::set_mask(NodeMask mask, const core::KeySet& hotkeys) noexcept {
    KeyBits keys{};
    if (mask.keys == NodeMask::Keys::All) {
        keys.fill(0xff);
    } else if (mask.keys == NodeMask::Keys::Hotkeys) {
        keys = to_bits(hotkeys);
    }
    FewBits motion{};
    if (mask.motion) {
        motion.fill(0xff);
    }
    if (const std::errc error = set_type_mask(fd_.get(), EV_REL, motion); error != std::errc{}) {
        return error;
    }
    return set_type_mask(fd_.get(), EV_KEY, keys);
}

std::errc EvdevNode::held_keys(core::KeySet& held) noexcept {
    KeyBits bits{};
    if (::ioctl(fd_.get(), EVIOCGKEY(sizeof bits), bits.data()) < 0) {
        return static_cast<std::errc>(errno);
    }
    held = to_keys(bits);
    return {};
}

std::errc EvdevNode::write_keys(const core::KeySet& keys, bool down) noexcept {
    std::array<input_event, 64> events;
    std::size_t used = 0;
    const auto send = [&] {
        events[used++] = make_event(EV_SYN, SYN_REPORT, false);
        return write_events(fd_.get(), std::span(events).first(std::exchange(used, 0)));
    };
    for (std::size_t code = 0; code < keys.size(); ++code) {
        if (!keys.test(code)) {
            continue;
        }
        events[used++] = make_event(EV_KEY, code, down);
        if (used + 1 == events.size()) {
            if (const std::errc error = send(); error != std::errc{}) {
                return error;
            }
        }
    }
    return used > 0 ? send() : std::errc{};
}

std::errc EvdevNode::read_leds(core::LedState& leds) noexcept {
    FewBits bits{};
    if (::ioctl(fd_.get(), EVIOCGLED(sizeof bits), bits.data()) < 0) {
        return static_cast<std::errc>(errno);
    }
    leds = {.num = (bits[0] >> LED_NUML & 1U) != 0,
            .caps = (bits[0] >> LED_CAPSL & 1U) != 0,
            .scroll = (bits[0] >> LED_SCROLLL & 1U) != 0};
    return {};
}

std::errc EvdevNode::write_leds(core::LedState leds) noexcept {
    const std::array<input_event, 4> events = {
        make_event(EV_LED, LED_NUML, leds.num), make_event(EV_LED, LED_CAPSL, leds.caps),
        make_event(EV_LED, LED_SCROLLL, leds.scroll), make_event(EV_SYN, SYN_REPORT, false)};
    return write_events(fd_.get(), events);
}

} // namespace spicykvm::input
