// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "config/config.h"
#include "core/audio_port.h"
#include "core/control_port.h"
#include "core/guest_port.h"
#include "spice/session.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace spicykvm {

class TargetsObserver : public core::GuestObserver {
  public:
    /// A connection is up: its inputs channel, for the input thread. on_guest_connected() follows.
    virtual void on_guest_input(core::TargetId target, std::unique_ptr<core::GuestInput> input) = 0;
    /// Anything in this target's status.
    virtual void on_target_status(core::TargetId target) = 0;
    /// The target is no more, or has another connection now and so another TargetId. Its session
    /// ends when it is not in use; on_guest_disconnected() comes first.
    virtual void on_target_retired(core::TargetId target) = 0;

  protected:
    ~TargetsObserver() = default;
};

/// The targets of the configuration with their SPICE sessions. A target keeps its TargetId and its
/// session over a reload as long as nothing about its connection changes. Main loop only.
class Targets final : public core::GuestPort {
  public:
    Targets(EventLoop& loop, TargetsObserver& observer);
    Targets(const Targets&) = delete;
    Targets& operator=(const Targets&) = delete;
    ~Targets();

    using InUse = std::function<bool(core::TargetId)>;

    /// Takes over the targets of `config`. A retired target stays, connected, as long as the switch
    /// is `in_use` of it: what its VM is owed has to be sent before the connection ends.
    void configure(const config::Config& config, const InUse& in_use);
    /// Ends those retired targets that are not in use any more. Not from inside a session's
    /// callback.
    void drop_retired(const InUse& in_use);

    void connect(core::TargetId target) override;
    [[nodiscard]] core::ConnectionState connection(core::TargetId target) const override;
    /// The VM is connected, and has this channel.
    [[nodiscard]] bool has_audio(core::TargetId target, core::AudioKind kind) const;
    void open_audio(core::TargetId target, core::AudioKind kind,
                    spice::SideChannels::Callback done);
    [[nodiscard]] bool on_this_host(core::TargetId target) const;
    /// The inputs channel ended before the session noticed.
    void input_lost(core::TargetId target);

    [[nodiscard]] std::optional<core::TargetId> find(std::string_view name) const noexcept;
    /// In the order of the configuration.
    [[nodiscard]] const std::vector<core::TargetId>& order() const noexcept { return order_; }
    [[nodiscard]] const config::TargetConfig& settings(core::TargetId target) const;
    [[nodiscard]] core::TargetStatus status(core::TargetId target) const;
    [[nodiscard]] std::uint64_t connections() const noexcept { return connections_; }
    [[nodiscard]] std::uint64_t connections_lost() const noexcept { return connections_lost_; }

  private:
    class Target;

    [[nodiscard]] Target* get(core::TargetId target) const noexcept;
    [[nodiscard]] core::TargetId add(const config::Config& config,
                                     const config::TargetConfig& target);

    EventLoop& loop_;
    TargetsObserver& observer_;
    std::vector<std::unique_ptr<Target>> slots_; ///< TargetId is the place; null: free
    std::vector<core::TargetId> order_;
    std::uint64_t connections_ = 0;
    std::uint64_t connections_lost_ = 0;
};

} // namespace spicykvm
