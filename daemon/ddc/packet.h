// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"
#include "ddc/vcp.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <tl/expected.hpp>

namespace spicykvm::ddc {

/// 7-bit I2C addresses: the display controller, and the EEPROM with the EDID.
inline constexpr std::uint16_t kDisplayAddress = 0x37;
inline constexpr std::uint16_t kEdidAddress = 0x50;

// DDC/CI 1.1, as handed to and got from i2c-dev, which keeps the I2C address byte to itself:
//
//     request  | source | 0x80 + n | n bytes | checksum |   XOR of 0x6e (the address byte) and all
//     before reply    |  0x6e  | 0x80 + n | n bytes | checksum |   XOR of 0x50 and all before
//
//     get VCP          01 code                reply  02 result code type MH ML SH SL
//     set VCP          03 code high low       none
//     save settings    0c                     none
//     capabilities     f3 offset(be16)        reply  e3 offset(be16) 0..32 characters

/// One request. No monitor confirms that it did what it was told: a set that was sent is sent, no
/// more.
class Packet {
  public:
    static constexpr std::size_t kMaxSize = 7;

    [[nodiscard]] static Packet get_vcp(VcpCode code) noexcept;
    [[nodiscard]] static Packet set_vcp(VcpCode code, std::uint16_t value,
                                        SourceAddress source = SourceAddress::Host) noexcept;
    [[nodiscard]] static Packet save_settings() noexcept;
    [[nodiscard]] static Packet capabilities(std::uint16_t offset) noexcept;

    [[nodiscard]] ByteSpan bytes() const noexcept { return ByteSpan(bytes_).first(size_); }

  private:
    Packet(SourceAddress source, ByteSpan payload) noexcept;

    std::array<std::uint8_t, kMaxSize> bytes_{};
    std::size_t size_ = 0;
};

/// Why a reply is none.
enum class ReplyFault : std::uint8_t {
    Short,   ///< fewer bytes than its length says
    AllZero, ///< nobody drove the bus; some monitors mean "unsupported" by it
    NotDdc,  ///< does not begin as a reply, or never stops beginning
    Null,    ///< the null message: busy, or "unsupported"
    Length,  ///< a length that no such reply has
    Checksum,
    Unrelated, ///< to another request: opcode, feature or offset is not the one asked for
    Result,    ///< a result code that the standard does not know
};
[[nodiscard]] std::string_view to_string(ReplyFault fault) noexcept;

struct VcpReply {
    bool supported = false; ///< else the rest is zero
    bool momentary = false;
    std::uint16_t max = 0;
    std::uint16_t current = 0; ///< the high byte is junk on some monitors, meant on others

    /// Some monitors say "unsupported" with this alone; on others it is a value.
    [[nodiscard]] bool all_zero() const noexcept { return max == 0 && current == 0; }
    bool operator==(const VcpReply&) const = default;
};

/// How many bytes to read, in one transfer: one more than the longest reply, because some monitors
/// double the first byte.
inline constexpr std::size_t kVcpReplyRead = 12;
inline constexpr std::size_t kCapabilitiesReplyRead = 39;
inline constexpr std::size_t kMaxFragment = 32;

/// `bytes` may be longer than the reply, and have its first byte twice.
[[nodiscard]] tl::expected<VcpReply, ReplyFault> parse_vcp_reply(ByteSpan bytes,
                                                                 VcpCode asked) noexcept;
/// The text at `asked`, at most kMaxFragment bytes inside `bytes`; empty: that was all.
[[nodiscard]] tl::expected<ByteSpan, ReplyFault>
parse_capabilities_reply(ByteSpan bytes, std::uint16_t asked) noexcept;

} // namespace spicykvm::ddc
