// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "base/time.h"
#include "bench/loop_thread.h"
#include "core/guest_input.h"
#include "spice/session.h"

#include <cstdint>
#include <future>
#include <string>
#include <sys/types.h>
#include <vector>

namespace spicykvm::bench {

/// A real libspice-server in a process of its own, so that its CPU time is not ours.
class ServerProcess {
  public:
    ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;
    ~ServerProcess();

    [[nodiscard]] const std::string& uri() const noexcept { return uri_; }

    struct Seen {
        std::int64_t dx = 0;         ///< sum
        std::size_t motions = 0;     ///< messages
        unsigned inputs_links = 0;   ///< ever
        std::vector<TimePoint> keys; ///< when each byte of scancodes came
    };
    [[nodiscard]] Seen seen();
    void forget();

    struct Span {
        TimePoint begin;
        TimePoint end;
    };
    /// The server stands still, from now on; the end is to be waited for.
    void begin_stall(Milliseconds duration);
    [[nodiscard]] Span end_stall();

  private:
    void ask(const std::string& line);
    [[nodiscard]] std::string answer();

    std::string uri_;
    Fd pipe_;
    std::string heard_;
    pid_t child_ = -1;
};

/// The child's part: serves at `path` and answers on `pipe` until that ends.
int serve(const std::string& path, int pipe);

/// The client's side of a SPICE session with it.
class GuestConnection final : private spice::SessionObserver {
  public:
    explicit GuestConnection(const std::string& uri);
    GuestConnection(const GuestConnection&) = delete;
    GuestConnection& operator=(const GuestConnection&) = delete;
    ~GuestConnection();

    /// The linked inputs channel; once.
    [[nodiscard]] std::unique_ptr<core::GuestInput> take_input() { return std::move(input_); }

  private:
    void on_input(std::unique_ptr<core::GuestInput> input) override { input_ = std::move(input); }
    void on_connected() override { connected_.set_value({}); }
    void on_connect_failed(const Error& error) override { connected_.set_value(error.message); }
    void on_disconnected(const Error&) override {}
    void on_state_changed() override {}

    std::promise<std::string> connected_;
    std::unique_ptr<core::GuestInput> input_;
    LoopThread loop_;
    std::unique_ptr<spice::Session> session_;
};

} // namespace spicykvm::bench
