// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/inputs_channel.h"

#include "base/time.h"
#include "spice/inputs_messages.h"
#include "spice/scancode.h"
#include "spice/socket_io.h"

#include <array>

namespace spicykvm::spice {

InputsChannel::InputsChannel(Fd socket) : socket_(std::move(socket)) {}

InputsChannel::~InputsChannel() {
    // With acks unread, close() resets the connection, and the releases that were sent last may be
    // lost on the way.
    std::array<std::uint8_t, 4096> unread;
    int rounds = 16;
    while (rounds > 0 && receive_some(socket_.get(), unread).result.state == IoState::Done) {
        --rounds;
    }
}

void InputsChannel::key(core::KeyCode code, core::KeyAction action) noexcept {
    const Scancode scancode = scancode_of(code);
    if (!scancode.exists()) {
        return;
    }
    if (action == core::KeyAction::Up) {
        out_.append(encode_key_up(scancode.release()));
        return;
    }
    // A repeat goes out as one more press: the PS/2 keyboard of QEMU makes none by itself.
    out_.append(encode_key_down(scancode.press()));
    if (code == core::KeyCode{KEY_PAUSE} || code == core::KeyCode{KEY_SCROLLLOCK}) {
        reader_.led_filter().on_press(code, Clock::now());
    }
}

void InputsChannel::motion(std::int32_t dx, std::int32_t dy, core::ButtonMask held) noexcept {
    out_.append(encode_motion(dx, dy, held));
}

void InputsChannel::button(core::Button button, bool down, core::ButtonMask held) noexcept {
    out_.append(down ? encode_press(button, held) : encode_release(button, held));
}

core::GuestInput::Io InputsChannel::flush() noexcept {
    if (lost_ || out_.overflowed()) {
        return lose();
    }
    switch (send_pending(socket_.get(), out_).state) {
    case IoState::Done:
        return Io::Ok;
    case IoState::Blocked:
        return Io::Later;
    case IoState::Closed:
    case IoState::Failed:
        break;
    }
    return lose();
}

core::GuestInput::Io InputsChannel::receive(core::GuestInputObserver& observer) noexcept {
    if (lost_) {
        return Io::Lost;
    }
    std::array<std::uint8_t, 4096> buffer;
    const Received received = receive_some(socket_.get(), buffer);
    switch (received.result.state) {
    case IoState::Blocked:
        return Io::Ok;
    case IoState::Closed:
    case IoState::Failed:
        return lose();
    case IoState::Done:
        break;
    }
    if (!reader_.feed(received.bytes, observer, Clock::now())) {
        return lose();
    }
    return out_.empty() ? Io::Ok : flush();
}

core::GuestInput::Io InputsChannel::lose() noexcept {
    lost_ = true;
    return Io::Lost;
}

} // namespace spicykvm::spice
