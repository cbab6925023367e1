// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "spice/session.h"
#include "support/guest_input_recorder.h"
#include "support/run_until.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <sys/epoll.h>
#include <vector>

namespace spicykvm::test {

/// For a server of a test: the password if it wants one, and no long waits.
inline spice::SessionSettings client_settings(const std::string& uri,
                                              const std::string& password = {}) {
    spice::SessionSettings settings;
    settings.name = "test";
    settings.uri = uri;
    settings.password = [password] { return Result<std::string>(password); };
    settings.retry_min = Milliseconds(10);
    settings.retry_max = Milliseconds(20);
    return settings;
}

/// A session with its loop, and what it told. Plays the input thread too.
class SessionClient final : public spice::SessionObserver {
  public:
    explicit SessionClient(spice::SessionSettings settings)
        : session_(loop_, *this, std::move(settings)) {}

    spice::Session& session() { return session_; }
    EventLoop& loop() { return loop_; }
    core::GuestInput& input() { return *input_; }
    [[nodiscard]] bool has_input() const { return input_ != nullptr; }
    GuestInputRecorder& from_guest() { return from_guest_; }

    bool run_until(const std::function<bool()>& condition,
                   Milliseconds timeout = std::chrono::seconds(10)) {
        return test::run_until(loop_, condition, timeout);
    }
    bool run_until_state(core::ConnectionState state) {
        return run_until([&] { return session_.state() == state; });
    }
    /// connect(), and the answer to it.
    bool connect() {
        const unsigned before = connected + static_cast<unsigned>(failures.size());
        session_.connect();
        return run_until(
                   [&] { return connected + static_cast<unsigned>(failures.size()) > before; }) &&
               session_.state() == core::ConnectionState::Connected;
    }
    /// The input thread lets go of the connection.
    void drop_input() {
        input_source_.reset();
        input_.reset();
    }

    unsigned connected = 0;
    unsigned inputs = 0;
    unsigned changes = 0;
    unsigned inputs_lost = 0;
    std::vector<Error> failures;
    std::vector<Error> losses;
    bool reports_input_loss = true;

  private:
    void on_input(std::unique_ptr<core::GuestInput> input) override {
        ++inputs;
        input_ = std::move(input);
        input_source_ = loop_.add_io(input_->fd(), EPOLLIN, [this](std::uint32_t) { receive(); });
    }
    void on_connected() override { ++connected; }
    void on_connect_failed(const Error& error) override { failures.push_back(error); }
    void on_disconnected(const Error& reason) override { losses.push_back(reason); }
    void on_state_changed() override { ++changes; }

    void receive() {
        if (input_->receive(from_guest_) == core::GuestInput::Io::Lost) {
            ++inputs_lost;
            drop_input();
            if (reports_input_loss) {
                session_.input_lost();
            }
        }
    }

    EventLoop loop_;
    GuestInputRecorder from_guest_;
    std::unique_ptr<core::GuestInput> input_;
    EventSource input_source_;
    spice::Session session_;
};

} // namespace spicykvm::test
