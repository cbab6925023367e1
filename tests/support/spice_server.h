// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/time.h"
#include "core/guest_input.h"
#include "core/guest_port.h"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace spicykvm::test {

class SpiceSound;

struct SpiceServerSettings {
    std::string unix_path;      ///< listens there; empty: on 127.0.0.1
    std::uint16_t tcp_port = 0; ///< 0: a free one, see uri()
    std::string ticket;         ///< the password; empty: any will do
    std::string name = "test-vm";
    std::optional<core::Uuid> uuid;
    /// As a Linux guest does: lock keys switch the keyboard's LEDs.
    bool guest_switches_leds = true;
    bool has_sound = false; ///< a sound card, with a playback and a record channel
};

/// What the guest's devices and the server saw since the start or the last SpiceServer::forget().
struct SpiceServerLog {
    struct Motion {
        std::int32_t dx;
        std::int32_t dy;
        std::int32_t wheel; ///< +1: away from the user
        core::ButtonMask held;
        TimePoint time;
    };

    std::vector<std::uint8_t> scancodes;    ///< byte for byte, as they reached the keyboard
    std::vector<TimePoint> scancode_times;  ///< of each of them
    std::vector<Motion> motions;            ///< moves, button presses (dx = dy = 0) and wheel steps
    std::vector<core::ButtonMask> releases; ///< held after each button release
    std::int64_t dx = 0;                    ///< sum of the motions
    std::int64_t dy = 0;
    std::int32_t wheel = 0;
    core::ButtonMask held;        ///< now
    unsigned main_links = 0;      ///< how often a client linked main, ever
    unsigned inputs_links = 0;    ///< how often a client linked inputs, ever
    unsigned linked_channels = 0; ///< now, of all clients
};

/// A real libspice-server on a thread of its own, with a keyboard and a mouse whose events are
/// kept. For a client it is a VM; nothing is simulated but the guest's devices.
class SpiceServer {
  public:
    explicit SpiceServer(SpiceServerSettings settings = {});
    /// As when the VM is switched off: every connection ends.
    ~SpiceServer();
    SpiceServer(const SpiceServer&) = delete;
    SpiceServer& operator=(const SpiceServer&) = delete;

    /// Where it listens: spice://127.0.0.1:port or spice+unix:///path
    [[nodiscard]] std::string uri() const;
    [[nodiscard]] std::uint16_t tcp_port() const noexcept { return tcp_port_; }

    [[nodiscard]] SpiceServerLog log() const;
    /// Waits until `condition` holds; false after `timeout`.
    [[nodiscard]] bool wait_for(const std::function<bool(const SpiceServerLog&)>& condition,
                                Milliseconds timeout = std::chrono::seconds(10)) const;
    /// Empties the log, but for what counts links and channels.
    void forget();

    /// The guest switches its LEDs.
    void set_leds(core::LedState leds);
    /// Another password; one that has `expired` is refused.
    void set_ticket(const std::string& ticket, bool expired = false);
    /// Does it with the sound card, on the server's thread, and waits for it.
    void with_sound(const std::function<void(SpiceSound&)>& work);
    /// Ends the client's connections.
    void kick();
    /// Takes connections no more, keeps those it has; undone by listen().
    void stop_listening();
    void listen();

    /// The server stands still while this lives: it neither reads, answers nor accepts.
    class [[nodiscard]] Stall {
      public:
        explicit Stall(SpiceServer& server);
        ~Stall();
        Stall(const Stall&) = delete;
        Stall& operator=(const Stall&) = delete;

      private:
        struct Gate;
        std::shared_ptr<Gate> gate_;
    };

  private:
    struct Parts; // what needs libspice's headers
    friend struct Parts;

    void change(const std::function<void(SpiceServerLog&)>& change);

    const SpiceServerSettings settings_;
    std::uint16_t tcp_port_ = 0;
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    SpiceServerLog log_;
    std::unique_ptr<Parts> parts_;
};

} // namespace spicykvm::test
