// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "base/fd.h"
#include "base/result.h"
#include "spice/main_reader.h"
#include "spice/out_buffer.h"
#include "spice/socket_io.h"

#include <cstdint>
#include <optional>
#include <string>

namespace spicykvm::spice {

/// Why a connection ended.
struct ConnectionEnd {
    enum class Kind : std::uint8_t {
        Closed,  ///< by the peer, which gives no reason
        Network, ///< it can't be reached any more
        Broken,  ///< given up from this side
    };
    Kind kind = Kind::Broken;
    Error error;
};

class MainChannelObserver : public MainObserver {
  public:
    /// At most once; nothing comes after it. The channel must not be destroyed in here.
    virtual void on_main_ended(const ConnectionEnd& end) = 0;

  protected:
    ~MainChannelObserver() = default;
};

/// A linked main channel on the loop.
class MainChannel {
  public:
    /// `address` names the server in errors.
    MainChannel(EventLoop& loop, Fd socket, std::string address, MainChannelObserver& observer);

    /// Asks for the list of channels.
    void attach_channels();
    void request_mouse_mode(std::uint16_t mode);
    /// Hangs up; the observer hears no more.
    void close() noexcept;

  private:
    /// The server answers what it is sent, and little is; so this is plenty.
    static constexpr std::size_t kQueue = 16 * 1024;

    void on_ready(std::uint32_t events);
    void receive();
    void flush();
    void socket_failed(const IoResult& result);
    void end(ConnectionEnd::Kind kind, ErrorCode code, std::string_view cause);

    const std::string address_;
    MainChannelObserver& observer_;
    OutBuffer out_{kQueue};
    MainReader reader_;
    Fd socket_;
    EventSource source_;
};

} // namespace spicykvm::spice
