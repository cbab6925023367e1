// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/link.h"

#include "spice/wipe.h"

#include <algorithm>
#include <system_error>

namespace spicykvm::spice {

Link::Link(const LinkHello& hello, std::string server, const Password& password,
           const TicketSeed& seed, LinkGoal goal)
    : channel_(hello.channel), server_(std::move(server)), password_(password), seed_(seed),
      goal_(goal) {
    out_.append(hello.encode());
    expect(Stage::Header, LinkHeader::kSize);
}

Link::~Link() {
    wipe(seed_);
}

void Link::expect(Stage stage, std::size_t count) {
    stage_ = stage;
    used_ = 0;
    needed_ = count;
}

void Link::fail(ErrorCode code, std::string_view cause) {
    if (finished()) {
        return;
    }
    expect(Stage::Failed, 0);
    error_.code = code;
    error_.message = "link the ";
    error_.message += to_string(channel_);
    error_.message += " channel of ";
    error_.message += server_;
    error_.message += ": ";
    error_.message += cause;
}

void Link::receive(ByteSpan bytes) {
    const std::size_t taken = std::min(bytes.size(), wanted());
    std::copy_n(bytes.begin(), taken, in_.begin() + static_cast<std::ptrdiff_t>(used_));
    used_ += taken;
    if (stage_ == Stage::Header) {
        check_magic();
    }
    if (finished() || used_ < needed_) {
        return;
    }
    switch (stage_) {
    case Stage::Header:
        take_header();
        break;
    case Stage::Reply:
        take_reply();
        break;
    case Stage::Verdict:
        take_verdict();
        break;
    case Stage::Linked:
    case Stage::Failed:
        break;
    }
}

/// As soon as four bytes are there: who is no SPICE server may never send sixteen.
void Link::check_magic() {
    if (used_ < sizeof(std::uint32_t)) {
        return;
    }
    ByteReader reader(ByteSpan(in_).first(used_));
    const std::uint32_t magic = reader.u32();
    constexpr std::uint32_t kTlsAlert = 0x0315; // content type 21, version 3
    if (magic == LinkHeader::kMagic) {
        return;
    }
    if ((magic & 0xffff) == kTlsAlert) {
        fail(ErrorCode::NotSupported, "it answers in TLS; this is the server's TLS port");
    } else {
        fail(ErrorCode::Protocol, "the answer is not SPICE; another service listens there");
    }
}

void Link::take_header() {
    const auto header = LinkHeader::parse(ByteSpan(in_).first(used_));
    if (!header) {
        return;
    }
    if (header->major != SPICE_VERSION_MAJOR) {
        return fail(ErrorCode::NotSupported,
                    "it speaks version " + std::to_string(header->major) + " of SPICE, not 2");
    }
    if (header->size < LinkReply::kMinSize || header->size > LinkReply::kMaxSize) {
        return fail(ErrorCode::Protocol,
                    "its reply claims " + std::to_string(header->size) + " bytes");
    }
    expect(Stage::Reply, header->size);
}

void Link::take_reply() {
    const auto reply = LinkReply::parse(ByteSpan(in_).first(used_));
    if (!reply) {
        return fail(ErrorCode::Protocol, "its reply is malformed");
    }
    if (reply->error != SPICE_LINK_ERR_OK) {
        return refuse(reply->error);
    }
    if (!check_abilities(*reply)) {
        return;
    }
    capabilities_ = {reply->common_capabilities, reply->channel_capabilities};
    if (goal_ == LinkGoal::Probe) {
        return expect(Stage::Linked, 0);
    }
    const auto key = RsaPublicKey::parse(reply->key);
    if (!key) {
        return fail(ErrorCode::Protocol, "its RSA key is malformed");
    }
    send_ticket(*key, (reply->common_capabilities &
                       capability(SPICE_COMMON_CAP_PROTOCOL_AUTH_SELECTION)) != 0);
    expect(Stage::Verdict, sizeof(std::uint32_t));
}

bool Link::check_abilities(const LinkReply& reply) {
    const auto has = [&](unsigned number) {
        return (reply.common_capabilities & capability(number)) != 0;
    };
    if (!has(SPICE_COMMON_CAP_MINI_HEADER)) {
        fail(ErrorCode::NotSupported, "the server is too old (no mini headers; QEMU 1.0 has them)");
        return false;
    }
    if (has(SPICE_COMMON_CAP_PROTOCOL_AUTH_SELECTION) && !has(SPICE_COMMON_CAP_AUTH_SPICE)) {
        fail(ErrorCode::NotSupported, "the server takes no SPICE password, only SASL");
        return false;
    }
    return true;
}

void Link::send_ticket(const RsaPublicKey& key, bool name_mechanism) {
    if (name_mechanism) {
        std::array<std::uint8_t, 4> mechanism{};
        ByteWriter(mechanism).u32(SPICE_COMMON_CAP_AUTH_SPICE);
        out_.append(mechanism);
    }
    out_.append(encrypt_ticket(key, password_, seed_));
}

void Link::take_verdict() {
    ByteReader reader(ByteSpan(in_).first(used_));
    const std::uint32_t verdict = reader.u32();
    if (verdict == SPICE_LINK_ERR_OK) {
        expect(Stage::Linked, 0);
    } else {
        refuse(verdict);
    }
}

void Link::refuse(std::uint32_t link_error) {
    switch (link_error) {
    case SPICE_LINK_ERR_PERMISSION_DENIED:
        return fail(ErrorCode::WrongPassword,
                    "the server refused the password: wrong, expired or not given");
    case SPICE_LINK_ERR_NEED_SECURED:
        return fail(ErrorCode::NotSupported, "the server wants TLS for it");
    case SPICE_LINK_ERR_NEED_UNSECURED:
        return fail(ErrorCode::NotSupported, "the server wants no TLS for it");
    case SPICE_LINK_ERR_INVALID_DATA:
        return fail(ErrorCode::NotSupported,
                    "the server refused the request; it probably wants SASL");
    case SPICE_LINK_ERR_VERSION_MISMATCH:
        return fail(ErrorCode::NotSupported, "the server speaks another version of SPICE");
    case SPICE_LINK_ERR_BAD_CONNECTION_ID:
        return fail(ErrorCode::Disconnected, "the server no longer knows the session");
    case SPICE_LINK_ERR_CHANNEL_NOT_AVAILABLE:
        return fail(ErrorCode::NotFound, "the VM has no such channel");
    default:
        return fail(ErrorCode::Failed,
                    "the server refused it with error " + std::to_string(link_error));
    }
}

void Link::end_of_stream() {
    switch (stage_) {
    case Stage::Header:
        return used_ == 0 ? fail_unanswered()
                          : fail(ErrorCode::Disconnected, "the server hung up in its reply");
    case Stage::Reply:
        return fail(ErrorCode::Disconnected, "the server hung up in its reply");
    case Stage::Verdict:
        return fail(ErrorCode::Disconnected, "the server hung up on the password");
    case Stage::Linked:
    case Stage::Failed:
        return;
    }
}

/// A server says nothing of a channel it does not have, it hangs up. But every server has main.
void Link::fail_unanswered() {
    if (channel_ == ChannelType::Main) {
        fail(ErrorCode::Protocol,
             "the peer hung up on SPICE; another service or the server's TLS port");
    } else {
        fail(ErrorCode::NotFound, "the VM has no such channel");
    }
}

void Link::time_out(Milliseconds waited) {
    fail(ErrorCode::Timeout, "no answer in " + std::to_string(waited.count()) + " ms");
}

void Link::socket_failed(int error_number) {
    fail(ErrorCode::Disconnected, std::generic_category().message(error_number));
}

} // namespace spicykvm::spice
