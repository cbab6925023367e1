// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/guest_input.h"

#include <optional>
#include <utility>
#include <vector>

namespace spicykvm::core::test {

/// One message to the guest.
struct Sent {
    enum class Kind { Key, Motion, Button };
    Kind kind = Kind::Key;
    KeyCode code{};                   ///< Key
    KeyAction action = KeyAction::Up; ///< Key
    Button button = Button::Left;     ///< Button
    bool down = false;                ///< Button
    std::int32_t dx = 0;              ///< Motion
    std::int32_t dy = 0;              ///< Motion
    ButtonMask held{};                ///< Motion, Button
    bool operator==(const Sent&) const = default;

    static Sent key(int code, KeyAction action) {
        return {
            .kind = Kind::Key, .code = KeyCode{static_cast<std::uint16_t>(code)}, .action = action};
    }
    static Sent motion(std::int32_t dx, std::int32_t dy, ButtonMask held = {}) {
        return {.kind = Kind::Motion, .dx = dx, .dy = dy, .held = held};
    }
    static Sent click(Button button, bool down, ButtonMask held) {
        return {.kind = Kind::Button, .button = button, .down = down, .held = held};
    }
};

/// A guest that writes down what it gets.
class RecordingGuest final : public GuestInput {
  public:
    std::vector<Sent> sent;
    unsigned flushes = 0;
    Io flush_result = Io::Ok;

    [[nodiscard]] int fd() const noexcept override { return -1; }
    void key(KeyCode code, KeyAction action) noexcept override {
        sent.push_back(Sent::key(raw(code), action));
    }
    void motion(std::int32_t dx, std::int32_t dy, ButtonMask held) noexcept override {
        sent.push_back(Sent::motion(dx, dy, held));
    }
    void button(Button button, bool down, ButtonMask held) noexcept override {
        sent.push_back(Sent::click(button, down, held));
    }
    Io flush() noexcept override {
        ++flushes;
        return flush_result;
    }
    [[nodiscard]] bool pending() const noexcept override { return false; }
    Io receive(GuestInputObserver&) noexcept override { return Io::Ok; }

    [[nodiscard]] std::vector<Sent> take() { return std::exchange(sent, {}); }
};

/// A guest that counts only, as memory may not be allocated while it is used.
class NullGuest final : public GuestInput {
  public:
    unsigned messages = 0;
    unsigned motions = 0;

    [[nodiscard]] int fd() const noexcept override { return -1; }
    void key(KeyCode, KeyAction) noexcept override { ++messages; }
    void motion(std::int32_t, std::int32_t, ButtonMask) noexcept override {
        ++messages;
        ++motions;
    }
    void button(Button, bool, ButtonMask) noexcept override { ++messages; }
    Io flush() noexcept override { return Io::Ok; }
    [[nodiscard]] bool pending() const noexcept override { return false; }
    Io receive(GuestInputObserver&) noexcept override { return Io::Ok; }
};

} // namespace spicykvm::core::test
