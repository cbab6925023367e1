// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/resolver.h"

#include <cerrno>
#include <future>
#include <netdb.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace spicykvm::spice {

namespace {

Result<Resolver::Addresses> look_up(const TcpEndpoint& endpoint) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    // Not AI_ADDRCONFIG: without a network even "localhost" would not be found.
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const std::string port = std::to_string(endpoint.port);
    const int error = ::getaddrinfo(endpoint.host.c_str(), port.c_str(), &hints, &found);
    if (error != 0) {
        return fail(ErrorCode::Unreachable,
                    "look up host " + endpoint.host + ": " + ::gai_strerror(error));
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
    Resolver::Addresses addresses;
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
        addresses.emplace_back(*one->ai_addr, one->ai_addrlen);
    }
    return addresses;
}

} // namespace

struct Resolver::Lookup {
    explicit Lookup(const TcpEndpoint& wanted)
        : endpoint(wanted), done(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        if (!done.valid()) {
            throw std::system_error(errno, std::generic_category(), "eventfd");
        }
    }

    void give(Result<Addresses> result) {
        answer.set_value(std::move(result));
        const std::uint64_t one = 1;
        (void)!::write(done.get(), &one, sizeof one); // the counter is at 0: it can't be full
    }

    const TcpEndpoint endpoint;
    std::promise<Result<Addresses>> answer;
    Fd done;
};

Resolver::Resolver(EventLoop& loop, const TcpEndpoint& endpoint, Callback callback)
    : lookup_(std::make_shared<Lookup>(endpoint)), callback_(std::move(callback)) {
    source_ = loop.add_io(lookup_->done.get(), EPOLLIN, [this](std::uint32_t) { on_answer(); });
    try {
        std::thread([lookup = lookup_] { lookup->give(look_up(lookup->endpoint)); }).detach();
    } catch (const std::system_error& error) {
        lookup_->give(fail_errno("look up host " + endpoint.host, error.code().value()));
    }
}

Resolver::~Resolver() = default;

void Resolver::on_answer() {
    source_.reset();
    const auto callback = std::move(callback_);
    callback(lookup_->answer.get_future().get());
}

} // namespace spicykvm::spice
