// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "support/rsa_server_key.h"
#include "support/wire.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace spicykvm::test {

/// One connection as a fake server has it: blocking, a step after the other. A step that does not
/// go as it should throws, which ends the connection and shows in FakeSpiceServer::problems().
class FakeChannel {
  public:
    FakeChannel(int socket, const RsaServerKey& key) : socket_(socket), key_(key) {}

    struct Hello {
        std::uint32_t session;
        std::uint8_t channel;
        std::uint32_t channel_capabilities;
    };
    Hello read_hello();
    void send_reply(std::uint32_t error = 0, std::uint32_t common_capabilities = 0x0b);
    /// The password without its NUL.
    std::string read_ticket();
    void send_verdict(std::uint32_t result);
    /// What follows the hello, in order and with success.
    void link();

    void send(ByteSpan bytes);
    void send_message(std::uint16_t type, ByteSpan body = {});
    /// INIT of main.
    void send_init(std::uint32_t session = 7, std::uint32_t mouse_mode = 1);
    /// A list with one channel of each type.
    void send_channels(const Bytes& types);

    struct Message {
        std::uint16_t type;
        Bytes body;
    };
    Message read_message();
    /// The next message, which must be of this type.
    Bytes expect_message(std::uint16_t type);
    /// Takes what comes until the client hangs up.
    void wait_for_end();

    void hang_up();

    /// Sends every byte by itself, from now on.
    void dribble() { dribbling_ = true; }

  private:
    Bytes read(std::size_t count);

    int socket_;
    const RsaServerKey& key_;
    bool dribbling_ = false;
};

/// A server that does what a test says, above all the wrong thing. Each connection has a thread.
class FakeSpiceServer {
  public:
    /// Plays one connection; `number` counts them from 0.
    using Script = std::function<void(FakeChannel& channel, unsigned number)>;

    explicit FakeSpiceServer(Script script);
    ~FakeSpiceServer();
    FakeSpiceServer(const FakeSpiceServer&) = delete;
    FakeSpiceServer& operator=(const FakeSpiceServer&) = delete;

    /// On a socket in the abstract namespace.
    [[nodiscard]] std::string uri() const { return "spice+unix://@" + name_; }
    [[nodiscard]] unsigned connections() const { return connections_; }
    /// What did not go as the script wanted, a line each. Ends all connections.
    std::string problems();

  private:
    struct Client {
        Fd socket;
        std::thread thread;
    };
    void accept_clients();
    void play(int socket, unsigned number);
    void stop();

    const std::string name_;
    const Script script_;
    Fd listener_;
    std::atomic<unsigned> connections_{0};
    std::mutex mutex_;
    std::list<Client> clients_;
    std::string problems_;
    std::thread thread_;
};

} // namespace spicykvm::test
