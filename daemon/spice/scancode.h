// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"

#include <array>
#include <cstdint>

namespace spicykvm::spice {

/// One key as XT (set 1) bytes, in the order they go over the wire: the first byte lowest, as
/// KEY_DOWN and KEY_UP carry them. One byte, or 0xe0 and one byte.
class Scancode {
  public:
    constexpr Scancode() noexcept = default;
    static constexpr Scancode plain(std::uint8_t code) noexcept { return Scancode(code); }
    static constexpr Scancode extended(std::uint8_t code) noexcept {
        return Scancode(static_cast<std::uint16_t>(0xe0U | (unsigned{code} << 8)));
    }

    /// False: the key has no path into a guest.
    [[nodiscard]] constexpr bool exists() const noexcept { return wire_ != 0; }
    [[nodiscard]] constexpr std::uint32_t press() const noexcept { return wire_; }
    /// The same bytes with bit 7 of the last one set: the server does not do that by itself.
    [[nodiscard]] constexpr std::uint32_t release() const noexcept {
        return wire_ > 0xff ? wire_ | 0x8000U : wire_ | 0x80U;
    }

  private:
    constexpr explicit Scancode(std::uint16_t wire) noexcept : wire_(wire) {}

    std::uint16_t wire_ = 0;
};

/// Codes from here on (KEY_OK and what follows, buttons) have no scancode.
inline constexpr std::size_t kScancodeKeys = 256;

namespace detail {

struct Entry {
    std::uint16_t key;
    Scancode scancode;
};

constexpr Scancode plain(std::uint8_t code) noexcept {
    return Scancode::plain(code);
}
constexpr Scancode e0(std::uint8_t code) noexcept {
    return Scancode::extended(code);
}

/// Every key whose set 1 code is not its Linux code and that QEMU has a QKeyCode for (the linux,
/// AT set 1 and QKeyCode columns of keycodemapdb). What differs from those columns says why.
inline constexpr Entry kOtherKeys[] = {
    // QEMU drops 76, the key's own code; 29 is the same place on the keyboard.
    {KEY_ZENKAKUHANKAKU, plain(0x29)},
    {KEY_102ND, plain(0x56)},
    {KEY_F11, plain(0x57)},
    {KEY_F12, plain(0x58)},
    {KEY_RO, plain(0x73)},
    {KEY_HIRAGANA, plain(0x77)},
    {KEY_HENKAN, plain(0x79)},
    {KEY_KATAKANAHIRAGANA, plain(0x70)},
    {KEY_MUHENKAN, plain(0x7b)},
    {KEY_KPENTER, e0(0x1c)},
    {KEY_RIGHTCTRL, e0(0x1d)},
    {KEY_KPSLASH, e0(0x35)},
    // 54 is Alt+SysRq's code; QEMU takes both, and other servers know e0 37 as Print.
    {KEY_SYSRQ, e0(0x37)},
    {KEY_RIGHTALT, e0(0x38)},
    {KEY_LINEFEED, plain(0x5b)},
    {KEY_HOME, e0(0x47)},
    {KEY_UP, e0(0x48)},
    {KEY_PAGEUP, e0(0x49)},
    {KEY_LEFT, e0(0x4b)},
    {KEY_RIGHT, e0(0x4d)},
    {KEY_END, e0(0x4f)},
    {KEY_DOWN, e0(0x50)},
    {KEY_PAGEDOWN, e0(0x51)},
    {KEY_INSERT, e0(0x52)},
    {KEY_DELETE, e0(0x53)},
    {KEY_MUTE, e0(0x20)},
    {KEY_VOLUMEDOWN, e0(0x2e)},
    {KEY_VOLUMEUP, e0(0x30)},
    {KEY_POWER, e0(0x5e)},
    {KEY_KPEQUAL, plain(0x59)},
    // Not e1 1d 45 e1 9d c5: QEMU makes a press without a release of that, and loses it if another
    // key comes in between (measured with QEMU 7.2).
    {KEY_PAUSE, e0(0x46)},
    {KEY_KPCOMMA, plain(0x7e)},
    // f2 and f1, what the keyboard sends, would be releases here.
    {KEY_HANGEUL, plain(0x72)},
    {KEY_HANJA, plain(0x71)},
    {KEY_YEN, plain(0x7d)},
    {KEY_LEFTMETA, e0(0x5b)},
    {KEY_RIGHTMETA, e0(0x5c)},
    {KEY_COMPOSE, e0(0x5d)},
    {KEY_STOP, e0(0x68)},
    {KEY_AGAIN, e0(0x05)},
    {KEY_PROPS, e0(0x06)},
    {KEY_UNDO, e0(0x07)},
    {KEY_FRONT, e0(0x0c)},
    {KEY_COPY, e0(0x78)},
    {KEY_OPEN, plain(0x64)},
    {KEY_PASTE, plain(0x65)},
    {KEY_FIND, e0(0x41)},
    {KEY_CUT, e0(0x3c)},
    {KEY_HELP, e0(0x75)},
    {KEY_MENU, e0(0x1e)},
    {KEY_CALC, e0(0x21)},
    {KEY_SLEEP, e0(0x5f)},
    {KEY_WAKEUP, e0(0x63)},
    {KEY_MAIL, e0(0x6c)},
    {KEY_BOOKMARKS, e0(0x66)},
    {KEY_COMPUTER, e0(0x6b)},
    {KEY_BACK, e0(0x6a)},
    {KEY_FORWARD, e0(0x69)},
    {KEY_NEXTSONG, e0(0x19)},
    {KEY_PLAYPAUSE, e0(0x22)},
    {KEY_PREVIOUSSONG, e0(0x10)},
    {KEY_STOPCD, e0(0x24)},
    {KEY_HOMEPAGE, e0(0x32)},
    {KEY_REFRESH, e0(0x67)},
    {KEY_F13, plain(0x5d)},
    {KEY_F14, plain(0x5e)},
    {KEY_F15, plain(0x5f)},
    {KEY_F16, plain(0x55)},
    {KEY_F17, e0(0x03)},
    {KEY_F18, e0(0x77)},
    {KEY_F19, e0(0x04)},
    {KEY_F20, plain(0x5a)},
    {KEY_F21, plain(0x74)},
    {KEY_F22, e0(0x79)},
    {KEY_F23, plain(0x6d)},
    {KEY_F24, plain(0x6f)},
    {KEY_MEDIA, e0(0x6d)},
};

constexpr std::array<Scancode, kScancodeKeys> make_scancodes() noexcept {
    std::array<Scancode, kScancodeKeys> table{};
    // Linux took its first codes over from set 1.
    for (std::uint8_t key = KEY_ESC; key <= KEY_KPDOT; ++key) {
        table[key] = Scancode::plain(key);
    }
    for (const Entry& entry : kOtherKeys) {
        table[entry.key] = entry.scancode;
    }
    return table;
}

} // namespace detail

inline constexpr std::array<Scancode, kScancodeKeys> kScancodes = detail::make_scancodes();

/// The scancode of a key; one that does not exist() for keys QEMU has no code for.
constexpr Scancode scancode_of(core::KeyCode code) noexcept {
    return core::raw(code) < kScancodeKeys ? kScancodes[core::raw(code)] : Scancode();
}

} // namespace spicykvm::spice
