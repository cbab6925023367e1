// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/scancode.h"
#include "support/key_bytes.h"

#include <gtest/gtest.h>
#include <set>

namespace spicykvm::spice {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// As the server takes a code apart: lowest byte first, up to the first zero byte.
Bytes server_bytes(std::uint32_t code) {
    Bytes bytes;
    for (; (code & 0xff) != 0; code >>= 8) {
        bytes.push_back(static_cast<std::uint8_t>(code & 0xff));
    }
    EXPECT_EQ(code, 0u) << "bytes behind a zero byte are never read";
    return bytes;
}

constexpr core::KeyCode key(unsigned code) {
    return core::KeyCode{static_cast<std::uint16_t>(code)};
}

TEST(Scancode, EveryKeyHasItsBytes) {
    for (const auto& [code, bytes] : test::kKeyBytes) {
        EXPECT_EQ(server_bytes(scancode_of(key(code)).press()), bytes) << "key " << code;
    }
}

TEST(Scancode, NoOtherKeyOrButtonHasAny) {
    std::set<unsigned> listed;
    for (const auto& entry : test::kKeyBytes) {
        listed.insert(entry.key);
    }
    for (unsigned code = 0; code <= 0xffff; ++code) {
        EXPECT_EQ(scancode_of(key(code)).exists(), listed.contains(code)) << "key " << code;
    }
}

TEST(Scancode, AReleaseIsThePressWithBit7OfTheLastByte) {
    for (const auto& [code, bytes] : test::kKeyBytes) {
        Bytes expected = bytes;
        expected.back() |= 0x80;
        EXPECT_EQ(server_bytes(scancode_of(key(code)).release()), expected) << "key " << code;
    }
}

TEST(Scancode, NoPressLooksLikeARelease) {
    for (const Scancode scancode : kScancodes) {
        if (scancode.exists()) {
            const Bytes bytes = server_bytes(scancode.press());
            EXPECT_LE(bytes.size(), 4u);
            EXPECT_EQ(bytes.back() & 0x80, 0);
        }
    }
}

TEST(Scancode, NoTwoKeysShareBytesButGraveAndZenkaku) {
    std::multiset<std::uint32_t> codes;
    for (const Scancode scancode : kScancodes) {
        if (scancode.exists()) {
            codes.insert(scancode.press());
        }
    }
    for (const std::uint32_t code : codes) {
        EXPECT_EQ(codes.count(code), code == 0x29 ? 2u : 1u) << std::hex << code;
    }
}

TEST(Scancode, PauseIsASingleExtendedKey) {
    EXPECT_EQ(server_bytes(scancode_of(key(KEY_PAUSE)).press()), (Bytes{0xe0, 0x46}));
    EXPECT_EQ(server_bytes(scancode_of(key(KEY_PAUSE)).release()), (Bytes{0xe0, 0xc6}));
}

TEST(Scancode, KeysQemuDropsHaveNone) {
    for (const int code :
         {KEY_RESERVED, KEY_KATAKANA, KEY_KPJPCOMMA, KEY_WWW, KEY_SEARCH, KEY_EMAIL, KEY_CAMERA,
          KEY_PROG1, KEY_PROG4, KEY_BRIGHTNESSUP, KEY_MICMUTE, KEY_WLAN, KEY_SCREENLOCK, KEY_PRINT,
          KEY_PLAY, KEY_REWIND, KEY_OK, KEY_FN, BTN_LEFT}) {
        EXPECT_FALSE(scancode_of(key(static_cast<unsigned>(code))).exists()) << "key " << code;
    }
}

} // namespace
} // namespace spicykvm::spice
