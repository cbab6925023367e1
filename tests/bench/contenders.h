// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bench/bare_loop.h"
#include "bench/device.h"
#include "bench/peer.h"
#include "bench/rig.h"
#include "bench/samples.h"

#include <memory>
#include <optional>

namespace spicykvm::bench {

/// One way from a device to a peer, ready to be measured.
class Contender {
  public:
    enum class Kind {
        InputThread, ///< the daemon's
        BareLoop,    ///< the baseline
    };
    struct Settings {
        Kind kind = Kind::InputThread;
        DeviceKind device = DeviceKind::Pipe;
        int rt_priority = 0;      ///< of what is measured
        int peer_rt_priority = 0; ///< of what measures
    };
    explicit Contender(const Settings& settings);
    Contender(const Contender&) = delete;
    Contender& operator=(const Contender&) = delete;
    ~Contender();

    struct Block {
        Samples there;   ///< from just before the event is made until the peer has it
        Samples through; ///< from the return of read() to that of send()
        std::uint64_t allocations = 0;
        std::size_t lost = 0; ///< the kernel drops what is not read in time
        bool usable = true;   ///< of keys that were lost nobody knows which
    };
    [[nodiscard]] Block run(Stream stream, unsigned per_second, std::size_t count);

    [[nodiscard]] pid_t thread() const noexcept;

  private:
    [[nodiscard]] int events_fd() const noexcept;

    std::unique_ptr<Device> device_;
    Fd bare_socket_;
    int socket_ = -1; ///< ours, whoever owns it
    std::unique_ptr<Peer> peer_;
    std::unique_ptr<Rig> rig_;
    std::unique_ptr<BareLoop> bare_;
    std::vector<TimePoint> sent_;
};

} // namespace spicykvm::bench
