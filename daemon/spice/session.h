// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "core/guest_input.h"
#include "core/guest_port.h"
#include "spice/backoff.h"
#include "spice/channel_opener.h"
#include "spice/connection.h"
#include "spice/session_settings.h"
#include "spice/side_channels.h"
#include "spice/socket_watch.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace spicykvm::spice {

/// What a session tells; always from the loop, never from inside a call of the session. It must not
/// be destroyed in here; any other call is allowed.
class SessionObserver {
  public:
    /// A connection is made: its inputs channel, once per connection. on_connected() follows.
    virtual void on_input(std::unique_ptr<core::GuestInput> input) = 0;
    /// A connection is made, or connect() was called while one stands.
    virtual void on_connected() = 0;
    /// An attempt failed.
    virtual void on_connect_failed(const Error& error) = 0;
    /// A connection that stood ended, but not by disconnect().
    virtual void on_disconnected(const Error& reason) = 0;
    /// state(), identity(), last_error() or the channels of the VM changed.
    virtual void on_state_changed() = 0;

  protected:
    ~SessionObserver() = default;
};

/// The SPICE session with one VM: connects on demand, keeps the mouse in server mode, notices the
/// end, and, if it is to be kept, connects again. Main loop only.
///
///     Disconnected --connect()--> Connecting --ready--> Connected
///     Connecting --failed--> Waiting (keep_connected), or Disconnected
///     Connected --lost--> Connecting (keep_connected and the network failed), Waiting
///       (keep_connected), or Disconnected
///     either of these --the server has hung up, but still answers--> TakenOver
///     Waiting --time, the socket appears, connect()--> Connecting
///     TakenOver --connect()--> Connecting
///     any --disconnect()--> Disconnected
///
/// A server gives no reason when it ends a session. If it still answers right after it, another
/// client took the session over, and connecting again would only throw that one out. Asking is
/// half a link, without a password: that disturbs nobody.
class Session final : private ConnectionObserver {
  public:
    Session(EventLoop& loop, SessionObserver& observer, SessionSettings settings);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    /// Connects if needed. Answered by on_connected() or on_connect_failed().
    void connect();
    /// Ends the connection, and does not connect again. Take the inputs channel off the input
    /// thread before.
    void disconnect();
    /// The inputs channel was lost; the input thread may see it first.
    void input_lost();

    [[nodiscard]] core::ConnectionState state() const noexcept { return state_; }
    /// Of the latest attempt or connection; none once a connection is made.
    [[nodiscard]] const std::optional<Error>& last_error() const noexcept { return last_error_; }
    /// Who answered, as last seen.
    [[nodiscard]] const core::GuestIdentity& identity() const noexcept { return identity_; }
    /// The URI, without anything secret.
    [[nodiscard]] const std::string& address() const noexcept { return target_.address; }
    /// Plain TCP beyond this host.
    [[nodiscard]] bool insecure() const noexcept { return insecure_; }
    /// Over a unix socket or a loopback address.
    [[nodiscard]] bool on_this_host() const noexcept;
    /// The connection that stands; null if there is none.
    [[nodiscard]] const Connection* connection() const noexcept;

    /// The channels that open_channel() will be called for: linked as soon as there is a
    /// connection.
    void want_channels(std::vector<ChannelType> types);
    /// Links a channel of the connection for somebody else. NotFound: there is no connection, or
    /// the VM has no such channel.
    void open_channel(ChannelType type, SideChannels::Callback callback);

  private:
    void on_connection_ready(std::unique_ptr<core::GuestInput> input) override;
    void on_channels_changed() override;
    void on_connection_ended(const ConnectionEnd& end) override;

    void set_state(core::ConnectionState state);
    void attempt();
    [[nodiscard]] Result<Password> read_password();
    void attempt_failed(const Error& error);
    void log_failure(const Error& error);
    void report_loss(const Error& reason);
    void after_loss(ConnectionEnd::Kind kind);
    void probe();
    void on_probed(bool alive);
    void retry_later();
    void watch_socket();
    void link_wanted();
    void drop_everything();
    void retire_connection();

    EventLoop& loop_;
    SessionObserver& observer_;
    const SessionSettings settings_;
    const Result<Endpoint> endpoint_;
    const ConnectTarget target_; ///< of use if endpoint_ is a value
    const bool insecure_;

    bool wanted_ = false; ///< between connect() and disconnect()
    core::ConnectionState state_ = core::ConnectionState::Disconnected;
    std::optional<Error> last_error_;
    core::GuestIdentity identity_;
    Backoff backoff_;
    TimePoint ready_since_;
    std::string logged_error_; ///< the same failure is not logged at every attempt

    std::unique_ptr<Connection> connection_;
    std::vector<ChannelType> wanted_channels_;
    std::unique_ptr<SideChannels> side_channels_; ///< of connection_, once it is ready
    std::unique_ptr<Connection> retired_;         ///< ended, but may still be on the stack
    const Password no_password_;
    std::unique_ptr<ChannelOpener> probe_;
    std::unique_ptr<SocketWatch> socket_watch_;
    Timer attempt_;
    Timer answer_; ///< connect() while a connection stands
    Timer probe_deadline_;
    Timer changed_;
    Timer reap_;
};

} // namespace spicykvm::spice
