// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/connection.h"

#include "base/log.h"
#include "base/text.h"
#include "spice/inputs_channel.h"

namespace spicykvm::spice {

namespace {

/// How long the end of main may come after that of inputs when the server has closed both.
constexpr Milliseconds kSettle{100};

} // namespace

Connection::Connection(EventLoop& loop, const ConnectTarget& target,
                       const SessionSettings& settings, Password password,
                       ConnectionObserver& observer)
    : loop_(loop), target_(target), settings_(settings), observer_(observer),
      password_(std::move(password)), timer_(loop, [this] { on_timer(); }) {
    timer_.arm_after(settings_.connect_timeout);
    open(ChannelType::Main);
}

void Connection::open(ChannelType channel) {
    LinkHello hello{.channel = channel, .session = session_};
    if (channel == ChannelType::Main) {
        hello.channel_capabilities = capability(SPICE_MAIN_CAP_NAME_AND_UUID);
    }
    opener_ = std::make_unique<ChannelOpener>(
        loop_, target_, ChannelOpener::Request{.hello = hello}, password_,
        [this, channel](Result<ChannelOpener::Opened> opened) {
            if (!opened) {
                give_up(std::move(opened.error()));
            } else if (channel == ChannelType::Main) {
                on_main_linked(std::move(*opened));
            } else {
                on_inputs_linked(std::move(opened->socket));
            }
        });
}

void Connection::on_main_linked(ChannelOpener::Opened opened) {
    opener_.reset();
    main_capabilities_ = opened.capabilities;
    MainChannelObserver& observer = *this;
    main_ =
        std::make_unique<MainChannel>(loop_, std::move(opened.socket), target_.address, observer);
    phase_ = Phase::Introducing;
}

void Connection::on_init(const MainInit& init) {
    if (phase_ != Phase::Introducing || session_ != 0) {
        return;
    }
    if (init.session == 0) {
        return give_up({ErrorCode::Protocol,
                        "connect to " + target_.address + ": the server gives no session"});
    }
    session_ = init.session;
    take_mouse_mode(init.mouse_mode);
    main_->attach_channels();
}

void Connection::on_name(const MainName& name) {
    raw_name_.assign(name.name.begin(), name.name.end());
    identity_.name = printable(name.name);
}

void Connection::on_uuid(const MainUuid& uuid) {
    identity_.uuid = uuid.uuid;
}

/// NAME and UUID come before the list, if at all: the server sends them with INIT, and the list
/// only when it is asked for.
void Connection::on_channels(const ChannelsList& list) {
    for (std::size_t i = 0; i < list.pairs.size(); i += 2) {
        channels_.set(list.pairs[i]);
    }
    if (phase_ == Phase::Ready) {
        return observer_.on_channels_changed();
    }
    if (phase_ != Phase::Introducing || session_ == 0) {
        return;
    }
    if (auto checked = check_identity(); !checked) {
        return give_up(std::move(checked.error()));
    }
    if (!has_channel(ChannelType::Inputs)) {
        return give_up({ErrorCode::NotFound,
                        "connect to " + target_.address + ": the VM has no inputs channel"});
    }
    phase_ = Phase::LinkingInputs;
    open(ChannelType::Inputs);
}

Result<void> Connection::check_identity() const {
    const std::string what = "identify the VM at " + target_.address + ": ";
    if (!settings_.vm_name.empty() && settings_.vm_name != raw_name_) {
        return fail(ErrorCode::WrongPeer, what + "its name is \"" + identity_.name + "\", not \"" +
                                              settings_.vm_name + "\"");
    }
    if (settings_.uuid && settings_.uuid != identity_.uuid) {
        return fail(ErrorCode::WrongPeer,
                    what + (identity_.uuid ? "it has another UUID" : "it does not tell its UUID") +
                        "; its name is \"" + identity_.name + "\"");
    }
    return {};
}

void Connection::on_inputs_linked(Fd socket) {
    opener_.reset();
    inputs_ = std::move(socket);
    phase_ = Phase::SettlingMouse;
    ready_if_settled();
}

void Connection::on_mouse_mode(const MouseMode& mode) {
    take_mouse_mode(mode.mode);
    ready_if_settled();
}

/// Relative motion, which games need, is thrown away in the other mode. The guest's agent, other
/// clients and drivers switch to that whenever they see fit.
void Connection::take_mouse_mode(std::uint32_t mode) {
    server_mouse_ = mode == SPICE_MOUSE_MODE_SERVER;
    if (!server_mouse_ && phase_ != Phase::Over) {
        main_->request_mouse_mode(SPICE_MOUSE_MODE_SERVER);
    }
}

void Connection::ready_if_settled() {
    if (phase_ != Phase::SettlingMouse || !server_mouse_) {
        return;
    }
    phase_ = Phase::Ready;
    timer_.disarm();
    password_ = Password();
    observer_.on_connection_ready(std::make_unique<InputsChannel>(std::move(inputs_)));
}

void Connection::on_remark(const std::string& remark) {
    log("spice").debug("{}: {}", settings_.name, remark);
}

void Connection::input_lost() {
    if (phase_ == Phase::Ready) {
        phase_ = Phase::LosingInput;
        timer_.arm_after(kSettle);
    }
}

void Connection::on_timer() {
    const std::string waited = std::to_string(settings_.connect_timeout.count()) + " ms";
    const std::string what = "connect to " + target_.address + ": ";
    switch (phase_) {
    case Phase::LinkingMain:
    case Phase::LinkingInputs:
        return give_up(opener_->timed_out(settings_.connect_timeout));
    case Phase::Introducing:
        return give_up(
            {ErrorCode::Timeout, what + "the server did not introduce itself in " + waited});
    case Phase::SettlingMouse:
        return give_up({ErrorCode::Timeout, what + "no server mouse mode in " + waited});
    case Phase::LosingInput:
        return end({ConnectionEnd::Kind::Network,
                    {ErrorCode::Disconnected, "inputs channel of " + target_.address + ": lost"}});
    case Phase::Ready:
    case Phase::Over:
        return;
    }
}

void Connection::on_main_ended(const ConnectionEnd& ended) {
    end(ended);
}

void Connection::give_up(Error error) {
    end({ConnectionEnd::Kind::Broken, std::move(error)});
}

void Connection::end(const ConnectionEnd& ended) {
    if (phase_ != Phase::Over) {
        close();
        observer_.on_connection_ended(ended);
    }
}

void Connection::close() noexcept {
    phase_ = Phase::Over;
    timer_.disarm();
    opener_.reset();
    inputs_.reset();
    if (main_) {
        main_->close();
    }
    password_ = Password();
}

} // namespace spicykvm::spice
