// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "base/time.h"
#include "spice/framer.h"

#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace spicykvm::bench {

/// A wire between an inputs channel and its server that takes a while, each way. It counts, for
/// every key that comes by, how many motions are before it that the server has not acknowledged
/// as far as the client can know.
class Relay {
  public:
    Relay(Fd client, Fd server, Milliseconds one_way);
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;
    ~Relay();

    /// The counts since the last call.
    [[nodiscard]] std::vector<unsigned> take_counts();

  private:
    struct Parcel {
        TimePoint due;
        std::vector<std::uint8_t> bytes;
    };
    struct Direction {
        Fd* from;
        Fd* to;
        spice::Framer framer;
        std::deque<Parcel> queue;
    };

    void run();
    bool receive(Direction& direction);
    void deliver(Direction& direction);
    void look_at(const spice::Framer::Message& message, bool from_client);
    [[nodiscard]] int until_due() const;

    Fd client_;
    Fd server_;
    Fd stop_;
    Milliseconds one_way_;
    Direction up_;   ///< to the server; looked at when it leaves the client
    Direction down_; ///< to the client; looked at when it arrives there
    unsigned unacknowledged_ = 0;
    std::mutex mutex_;
    std::vector<unsigned> counts_;
    std::thread thread_;
};

} // namespace spicykvm::bench
