// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "spice/link_messages.h"
#include "spice/out_buffer.h"
#include "spice/password.h"
#include "spice/ticket.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace spicykvm::spice {

/// How far a link is meant to go.
enum class LinkGoal : std::uint8_t {
    Full,  ///< to a linked channel
    Probe, ///< to the server's reply: somebody is there. Unlike a full link of main, it does not
           ///< disconnect the client the server has.
};

/// The link handshake of one channel, without a socket: bytes and events in, bytes and an outcome
/// out.
///
///     Header --16 bytes--> Reply --`size` bytes, ticket sent--> Verdict --4 bytes--> Linked
///        any of them --bad bytes, end of stream, time is up--> Failed
///
/// It asks for exactly the bytes it needs, so nothing of what follows the handshake is taken.
class Link {
  public:
    enum class Stage : std::uint8_t { Header, Reply, Verdict, Linked, Failed };

    struct Capabilities {
        std::uint32_t common = 0;
        std::uint32_t channel = 0;
    };

    /// `server` names it in errors. `password` must outlive this.
    Link(const LinkHello& hello, std::string server, const Password& password,
         const TicketSeed& seed, LinkGoal goal = LinkGoal::Full);
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    [[nodiscard]] Stage stage() const noexcept { return stage_; }
    [[nodiscard]] bool finished() const noexcept {
        return stage_ == Stage::Linked || stage_ == Stage::Failed;
    }

    /// What is to be sent.
    [[nodiscard]] OutBuffer& out() noexcept { return out_; }
    /// How many bytes to receive at most before the next call of receive(); 0 when finished.
    [[nodiscard]] std::size_t wanted() const noexcept { return needed_ - used_; }
    /// At most wanted() bytes.
    void receive(ByteSpan bytes);
    /// The peer closed or reset the connection.
    void end_of_stream();
    /// Nothing came in time.
    void time_out(Milliseconds waited);
    /// The socket failed otherwise.
    void socket_failed(int error_number);

    /// What the server can do; once Linked.
    [[nodiscard]] const Capabilities& capabilities() const noexcept { return capabilities_; }
    /// Why it Failed.
    [[nodiscard]] const Error& error() const noexcept { return error_; }

  private:
    void expect(Stage stage, std::size_t count);
    void fail(ErrorCode code, std::string_view cause);
    void take_header();
    void check_magic();
    void take_reply();
    void refuse(std::uint32_t link_error);
    [[nodiscard]] bool check_abilities(const LinkReply& reply);
    void send_ticket(const RsaPublicKey& key, bool name_mechanism);
    void take_verdict();
    void fail_unanswered();

    const ChannelType channel_;
    const std::string server_;
    const Password& password_;
    TicketSeed seed_;
    const LinkGoal goal_;
    Stage stage_ = Stage::Header;
    OutBuffer out_{256};
    std::array<std::uint8_t, LinkReply::kMaxSize> in_{};
    std::size_t used_ = 0;
    std::size_t needed_ = 0;
    Capabilities capabilities_;
    Error error_;
};

} // namespace spicykvm::spice
