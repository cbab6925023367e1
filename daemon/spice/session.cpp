// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/session.h"

#include "base/log.h"

#include <algorithm>

namespace spicykvm::spice {

using core::ConnectionState;
using namespace std::chrono_literals;

namespace {

/// A server makes its socket first and listens on it afterwards.
constexpr Milliseconds kListenDelay{50};

ConnectTarget target_of(const Result<Endpoint>& endpoint, const SessionSettings& settings) {
    ConnectTarget target;
    if (endpoint) {
        target.endpoint = *endpoint;
        target.address = to_string(*endpoint);
        target.insecure = settings.insecure;
        target.peer_uid = settings.peer_uid;
    }
    return target;
}

/// Before a name is looked up: whether it may lead over a network.
bool leaves_host(const Result<Endpoint>& endpoint) {
    const auto* remote = endpoint ? std::get_if<TcpEndpoint>(&*endpoint) : nullptr;
    if (remote == nullptr || remote->host == "localhost") {
        return false;
    }
    const auto literal = SocketAddress::of_literal(*remote);
    return !literal || !literal->is_local();
}

/// A connection that stood as long as this was a good one: what ends it is no failure to connect.
constexpr Milliseconds kSteady{10'000};

/// Only a person can help.
bool is_lasting(ErrorCode code) {
    return code == ErrorCode::InvalidArgument || code == ErrorCode::WrongPassword ||
           code == ErrorCode::WrongPeer || code == ErrorCode::NotSupported;
}

} // namespace

Session::Session(EventLoop& loop, SessionObserver& observer, SessionSettings settings)
    : loop_(loop), observer_(observer), settings_(std::move(settings)),
      endpoint_(parse_endpoint(settings_.uri)), target_(target_of(endpoint_, settings_)),
      insecure_(settings_.insecure && leaves_host(endpoint_)),
      backoff_(settings_.retry_min, settings_.retry_max), attempt_(loop, [this] { attempt(); }),
      answer_(loop,
              [this] {
                  if (state_ == ConnectionState::Connected) {
                      observer_.on_connected();
                  }
              }),
      probe_deadline_(loop, [this] { on_probed(false); }),
      changed_(loop, [this] { observer_.on_state_changed(); }),
      reap_(loop, [this] { retired_.reset(); }) {}

Session::~Session() = default;

void Session::connect() {
    wanted_ = true;
    switch (state_) {
    case ConnectionState::Connecting:
        return;
    case ConnectionState::Connected:
        answer_.arm_after(0us);
        return;
    case ConnectionState::Disconnected:
    case ConnectionState::Waiting:
    case ConnectionState::TakenOver:
        backoff_.reset();
        set_state(ConnectionState::Connecting);
        attempt_.arm_after(0us);
    }
}

void Session::disconnect() {
    wanted_ = false;
    drop_everything();
    if (state_ != ConnectionState::Disconnected) {
        log("spice").info("{}: disconnected", settings_.name);
        set_state(ConnectionState::Disconnected);
    }
}

void Session::input_lost() {
    if (state_ == ConnectionState::Connected) {
        connection_->input_lost();
        report_loss({ErrorCode::Disconnected, "inputs channel of " + target_.address + ": lost"});
    }
}

bool Session::on_this_host() const noexcept {
    return !leaves_host(endpoint_);
}

const Connection* Session::connection() const noexcept {
    return state_ == ConnectionState::Connected ? connection_.get() : nullptr;
}

void Session::set_state(ConnectionState state) {
    state_ = state;
    changed_.arm_after(0us);
}

void Session::attempt() {
    drop_everything();
    set_state(ConnectionState::Connecting);
    if (!endpoint_) {
        return attempt_failed(endpoint_.error());
    }
    log("spice").debug("{}: connecting to {}", settings_.name, target_.address);
    auto password = read_password();
    if (!password) {
        return attempt_failed(password.error());
    }
    ConnectionObserver& observer = *this;
    connection_ =
        std::make_unique<Connection>(loop_, target_, settings_, std::move(*password), observer);
}

Result<Password> Session::read_password() {
    if (!settings_.password) {
        return Password();
    }
    auto text = settings_.password();
    if (!text) {
        return Failure(std::move(text.error()));
    }
    auto password = Password::from(std::move(*text));
    if (password && password->shortened()) {
        log("spice").warn("{}: the password has 60 bytes; servers keep 59, so 59 are sent",
                          settings_.name);
    }
    return password;
}

void Session::on_connection_ready(std::unique_ptr<core::GuestInput> input) {
    ready_since_ = Clock::now();
    last_error_.reset();
    logged_error_.clear();
    identity_ = connection_->identity();
    log("spice").info("{}: connected to \"{}\" at {}", settings_.name, identity_.name,
                      target_.address);
    set_state(ConnectionState::Connected);
    side_channels_ = std::make_unique<SideChannels>(
        loop_, target_, SideChannels::Origin{connection_->session(), settings_.connect_timeout},
        [this] { return read_password(); });
    link_wanted();
    observer_.on_input(std::move(input));
    if (state_ == ConnectionState::Connected) {
        observer_.on_connected();
    }
}

void Session::on_channels_changed() {
    link_wanted();
    changed_.arm_after(0us);
}

void Session::want_channels(std::vector<ChannelType> types) {
    if (side_channels_) {
        for (const ChannelType type : wanted_channels_) {
            if (std::find(types.begin(), types.end(), type) == types.end()) {
                side_channels_->drop_spare(type);
            }
        }
    }
    wanted_channels_ = std::move(types);
    link_wanted();
}

void Session::link_wanted() {
    if (!side_channels_) {
        return;
    }
    for (const ChannelType type : wanted_channels_) {
        if (connection_->has_channel(type)) {
            side_channels_->link_ahead(type);
        }
    }
}

void Session::open_channel(ChannelType type, SideChannels::Callback callback) {
    const std::string what = std::string(to_string(type)) + " channel of " + target_.address;
    if (!side_channels_) {
        return callback(fail(ErrorCode::NotFound, what + ": not connected"));
    }
    if (!connection_->has_channel(type)) {
        return callback(fail(ErrorCode::NotFound, what + ": the VM has none"));
    }
    side_channels_->open(type, std::move(callback));
}

void Session::on_connection_ended(const ConnectionEnd& end) {
    const bool never_stood = state_ == ConnectionState::Connecting;
    if (end.error.code == ErrorCode::WrongPeer) {
        identity_ = connection_->identity();
    }
    retire_connection();
    if (never_stood) {
        return attempt_failed(end.error);
    }
    if (state_ == ConnectionState::Connected) {
        report_loss(end.error);
    }
    after_loss(end.kind);
}

void Session::attempt_failed(const Error& error) {
    last_error_ = error;
    log_failure(error);
    if (is_lasting(error.code)) {
        backoff_.jump_to_longest();
    }
    if (settings_.keep_connected) {
        retry_later();
    } else {
        set_state(ConnectionState::Disconnected);
    }
    observer_.on_connect_failed(error);
}

void Session::log_failure(const Error& error) {
    const bool repeated = logged_error_ == error.message;
    logged_error_ = error.message;
    log("spice").log(repeated ? spdlog::level::debug : spdlog::level::warn, "{}: {}{}",
                     settings_.name, error.message, settings_.keep_connected ? "; retrying" : "");
}

void Session::report_loss(const Error& reason) {
    last_error_ = reason;
    log("spice").warn("{}: connection lost: {}", settings_.name, reason.message);
    set_state(settings_.keep_connected ? ConnectionState::Waiting : ConnectionState::Disconnected);
    observer_.on_disconnected(reason);
}

void Session::after_loss(ConnectionEnd::Kind kind) {
    if (!wanted_ || state_ == ConnectionState::Connecting) {
        return; // the observer was told of the loss and has decided already
    }
    if (Clock::now() - ready_since_ >= kSteady) {
        backoff_.reset();
    }
    if (kind == ConnectionEnd::Kind::Closed) {
        return probe();
    }
    if (!settings_.keep_connected) {
        return;
    }
    if (kind == ConnectionEnd::Kind::Network && backoff_.fresh()) {
        // At once: the server does not know yet, and a new connection takes the place of the old.
        (void)backoff_.next();
        set_state(ConnectionState::Connecting);
        attempt_.arm_after(0us);
    } else {
        retry_later();
    }
}

void Session::probe() {
    probe_ = std::make_unique<ChannelOpener>(
        loop_, target_, ChannelOpener::Request{.hello = {}, .goal = LinkGoal::Probe}, no_password_,
        [this](const Result<ChannelOpener::Opened>& answer) { on_probed(answer.has_value()); });
    probe_deadline_.arm_after(settings_.connect_timeout);
}

void Session::on_probed(bool alive) {
    probe_.reset();
    probe_deadline_.disarm();
    if (alive) {
        last_error_ = Error{ErrorCode::Busy, "connection to " + target_.address +
                                                 ": another SPICE client has taken the VM over"};
        log("spice").warn("{}: another SPICE client has taken the VM over; not connecting again "
                          "before it is asked for",
                          settings_.name);
        set_state(ConnectionState::TakenOver);
    } else if (settings_.keep_connected) {
        retry_later();
    }
}

void Session::retry_later() {
    set_state(ConnectionState::Waiting);
    attempt_.arm_after(backoff_.next());
    watch_socket();
}

void Session::watch_socket() {
    const auto* local = std::get_if<UnixEndpoint>(&target_.endpoint);
    if (local != nullptr && local->path.front() == '/') {
        socket_watch_ = std::make_unique<SocketWatch>(loop_, local->path, [this] {
            backoff_.reset();
            attempt_.arm_after(kListenDelay);
        });
    }
}

void Session::drop_everything() {
    attempt_.disarm();
    answer_.disarm();
    probe_.reset();
    probe_deadline_.disarm();
    socket_watch_.reset();
    retire_connection();
}

void Session::retire_connection() {
    side_channels_.reset();
    if (connection_) {
        connection_->close();
        retired_ = std::move(connection_);
        reap_.arm_after(0us);
    }
}

} // namespace spicykvm::spice
