// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/fake_spice_server.h"

#include <cstddef>
#include <cstring>
#include <spice/enums.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace spicykvm::test {

namespace {

/// The client hung up: not a problem of the script, but the end of it.
struct EndOfStream {};

void check(bool good, const std::string& what) {
    if (!good) {
        throw std::runtime_error(what);
    }
}

std::string fresh_name() {
    static std::atomic<unsigned> count{0};
    return "spicykvm-test-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
}

/// The same for all servers: making one takes longer than most tests.
const RsaServerKey& shared_key() {
    static const RsaServerKey key;
    return key;
}

Fd listen_abstract(const std::string& name) {
    Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    check(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) == 0, "bind");
    check(::listen(socket.get(), 8) == 0, "listen");
    return socket;
}

} // namespace

FakeChannel::Hello FakeChannel::read_hello() {
    const Bytes header = read(16);
    check(std::memcmp(header.data(), "REDQ", 4) == 0, "the hello has no magic");
    const Bytes body = read(ByteReader(ByteSpan(header).subspan(12)).u32());
    ByteReader reader(body);
    Hello hello{};
    hello.session = reader.u32();
    hello.channel = reader.u8();
    (void)reader.bytes(1 + 4 + 4 + 4 + 4);
    hello.channel_capabilities = reader.u32();
    check(reader.ok(), "the hello is short");
    return hello;
}

void FakeChannel::send_reply(std::uint32_t error, std::uint32_t common_capabilities) {
    const Bytes key = error == 0 ? key_.der() : Bytes(162);
    send(Wire().text("REDQ").u32(2).u32(2).u32(186));
    send(Wire().u32(error).bytes(key).u32(1).u32(1).u32(178));
    send(Wire().u32(common_capabilities));
    send(Wire().u32(0x0f));
}

std::string FakeChannel::read_ticket() {
    check(read(4) == Wire().u32(1).get(), "the mechanism is not SPICE's");
    const auto text = key_.decrypt(read(128));
    check(text && !text->empty() && text->back() == 0, "the ticket can't be read");
    return {text->begin(), text->end() - 1};
}

void FakeChannel::send_verdict(std::uint32_t result) {
    send(Wire().u32(result));
}

void FakeChannel::link() {
    send_reply();
    (void)read_ticket();
    send_verdict(0);
}

void FakeChannel::hang_up() {
    (void)::shutdown(socket_, SHUT_RDWR);
}

void FakeChannel::send(ByteSpan bytes) {
    const std::size_t portion = dribbling_ ? 1 : bytes.size();
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_, bytes.data(), portion, MSG_NOSIGNAL);
        if (sent <= 0) {
            throw EndOfStream();
        }
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
}

void FakeChannel::send_message(std::uint16_t type, ByteSpan body) {
    send(Wire().message(type, body));
}

void FakeChannel::send_init(std::uint32_t session, std::uint32_t mouse_mode) {
    send_message(SPICE_MSG_MAIN_INIT,
                 Wire().u32(session).u32(1).u32(3).u32(mouse_mode).u32(0).u32(10).u32(0).u32(0));
}

void FakeChannel::send_channels(const Bytes& types) {
    Wire body = Wire().u32(static_cast<std::uint32_t>(types.size()));
    for (const std::uint8_t type : types) {
        body.u8(type).u8(0);
    }
    send_message(SPICE_MSG_MAIN_CHANNELS_LIST, body);
}

FakeChannel::Message FakeChannel::read_message() {
    const Bytes header = read(6);
    ByteReader reader(header);
    const std::uint16_t type = reader.u16();
    return {type, read(reader.u32())};
}

Bytes FakeChannel::expect_message(std::uint16_t type) {
    const Message message = read_message();
    check(message.type == type,
          "message " + std::to_string(message.type) + " came instead of " + std::to_string(type));
    return message.body;
}

void FakeChannel::wait_for_end() {
    for (;;) {
        (void)read(1);
    }
}

Bytes FakeChannel::read(std::size_t count) {
    Bytes bytes(count);
    for (std::size_t used = 0; used < count;) {
        const ssize_t got = ::recv(socket_, bytes.data() + used, count - used, 0);
        check(got >= 0 || errno == ECONNRESET, "nothing came from the client in time");
        if (got <= 0) {
            throw EndOfStream();
        }
        used += static_cast<std::size_t>(got);
    }
    return bytes;
}

FakeSpiceServer::FakeSpiceServer(Script script)
    : name_(fresh_name()), script_(std::move(script)), listener_(listen_abstract(name_)),
      thread_([this] { accept_clients(); }) {}

FakeSpiceServer::~FakeSpiceServer() {
    stop();
}

void FakeSpiceServer::accept_clients() {
    for (;;) {
        Fd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!socket.valid()) {
            return;
        }
        const timeval patience{.tv_sec = 20, .tv_usec = 0};
        (void)::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        const int number = socket.get();
        const unsigned count = connections_++;
        const std::lock_guard lock(mutex_);
        clients_.push_back({std::move(socket), {}});
        clients_.back().thread = std::thread([=, this] { play(number, count); });
    }
}

void FakeSpiceServer::play(int socket, unsigned number) {
    try {
        FakeChannel channel(socket, shared_key());
        script_(channel, number);
    } catch (const EndOfStream&) {
    } catch (const std::exception& error) {
        const std::lock_guard lock(mutex_);
        problems_ += "connection " + std::to_string(number) + ": " + error.what() + "\n";
    }
    // The descriptor itself is closed by stop(): its number must not be used again before.
    (void)::shutdown(socket, SHUT_RDWR);
}

std::string FakeSpiceServer::problems() {
    stop();
    return problems_;
}

void FakeSpiceServer::stop() {
    if (!thread_.joinable()) {
        return;
    }
    (void)::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
    for (Client& client : clients_) {
        (void)::shutdown(client.socket.get(), SHUT_RDWR);
    }
    for (Client& client : clients_) {
        client.thread.join();
    }
}

} // namespace spicykvm::test
