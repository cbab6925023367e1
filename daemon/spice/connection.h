// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "core/guest_input.h"
#include "core/guest_port.h"
#include "spice/channel_opener.h"
#include "spice/main_channel.h"
#include "spice/session_settings.h"

#include <bitset>
#include <cstdint>
#include <memory>
#include <string>

namespace spicykvm::spice {

/// The connection must not be destroyed in either.
class ConnectionObserver {
  public:
    virtual void on_connection_ready(std::unique_ptr<core::GuestInput> input) = 0;
    /// The VM has other channels than before. Only once it is ready.
    virtual void on_channels_changed() = 0;
    /// At most once; nothing comes after it. Also when it never became ready.
    virtual void on_connection_ended(const ConnectionEnd& end) = 0;

  protected:
    ~ConnectionObserver() = default;
};

/// One connection to a VM, from the first byte to the last.
///
///     LinkingMain -> Introducing: INIT -> ATTACH_CHANNELS, and the server mouse mode is asked for
///       NAME, UUID, then CHANNELS_LIST: is it the right VM, and has it inputs?
///     -> LinkingInputs -> SettlingMouse: until the server mode is confirmed -> Ready
///
/// Nothing is sent to a VM that is not the configured one but the password and these questions.
class Connection final : private MainChannelObserver {
  public:
    /// The answers never come from inside the constructor. `target` and `settings` must outlive
    /// this.
    Connection(EventLoop& loop, const ConnectTarget& target, const SessionSettings& settings,
               Password password, ConnectionObserver& observer);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Hangs up; the observer hears no more.
    void close() noexcept;
    /// The inputs channel is gone. Ends as Network, unless main ends in a moment too.
    void input_lost();

    [[nodiscard]] bool ready() const noexcept { return phase_ == Phase::Ready; }
    [[nodiscard]] const core::GuestIdentity& identity() const noexcept { return identity_; }
    /// What every further channel is linked with.
    [[nodiscard]] std::uint32_t session() const noexcept { return session_; }
    [[nodiscard]] const Link::Capabilities& main_capabilities() const noexcept {
        return main_capabilities_;
    }
    /// Grows while the connection stands.
    [[nodiscard]] bool has_channel(ChannelType type) const noexcept {
        return channels_.test(static_cast<std::size_t>(type));
    }

  private:
    enum class Phase : std::uint8_t {
        LinkingMain,
        Introducing,
        LinkingInputs,
        SettlingMouse,
        Ready,
        LosingInput,
        Over,
    };

    void on_init(const MainInit& init) override;
    void on_channels(const ChannelsList& list) override;
    void on_mouse_mode(const MouseMode& mode) override;
    void on_name(const MainName& name) override;
    void on_uuid(const MainUuid& uuid) override;
    void on_remark(const std::string& remark) override;
    void on_main_ended(const ConnectionEnd& end) override;

    void open(ChannelType channel);
    void on_main_linked(ChannelOpener::Opened opened);
    void on_inputs_linked(Fd socket);
    void take_mouse_mode(std::uint32_t mode);
    [[nodiscard]] Result<void> check_identity() const;
    void ready_if_settled();
    void on_timer();
    void give_up(Error error);
    void end(const ConnectionEnd& end);

    EventLoop& loop_;
    const ConnectTarget& target_;
    const SessionSettings& settings_;
    ConnectionObserver& observer_;
    Password password_; ///< until Ready
    Phase phase_ = Phase::LinkingMain;

    std::unique_ptr<ChannelOpener> opener_;
    std::unique_ptr<MainChannel> main_;
    Fd inputs_; ///< linked, until Ready
    Timer timer_;

    std::uint32_t session_ = 0;
    Link::Capabilities main_capabilities_;
    std::bitset<256> channels_;
    core::GuestIdentity identity_;
    std::string raw_name_; ///< for the comparison; identity_ has the printable one
    bool server_mouse_ = false;
};

} // namespace spicykvm::spice
