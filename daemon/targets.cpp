// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "targets.h"

#include "base/log.h"
#include "settings.h"

#include <algorithm>

namespace spicykvm {

namespace {

spice::ChannelType channel_of(core::AudioKind kind) noexcept {
    return kind == core::AudioKind::Playback ? spice::ChannelType::Playback
                                             : spice::ChannelType::Record;
}

} // namespace

/// One target of the configuration with its session.
class Targets::Target final : public spice::SessionObserver {
  public:
    Target(Targets& owner, core::TargetId id, const config::Config& config,
           config::TargetConfig target)
        : settings(std::move(target)),
          session(owner.loop_, *this, session_settings(config, settings)), owner_(owner), id_(id) {}

    config::TargetConfig settings;
    spice::Session session;
    /// The channels that the configuration wants.
    void want_audio() {
        std::vector<spice::ChannelType> types;
        for (const auto kind : {core::AudioKind::Playback, core::AudioKind::Record}) {
            if (audio_settings(settings, kind).when != core::AudioWhen::Never) {
                types.push_back(channel_of(kind));
            }
        }
        session.want_channels(std::move(types));
    }

    bool retired = false; ///< no longer configured; kept for the switch that is leaving it

  private:
    void on_input(std::unique_ptr<core::GuestInput> input) override {
        ++owner_.connections_;
        owner_.observer_.on_guest_input(id_, std::move(input));
    }
    void on_connected() override { owner_.observer_.on_guest_connected(id_); }
    void on_connect_failed(const Error& error) override {
        owner_.observer_.on_guest_connect_failed(id_, error);
    }
    void on_disconnected(const Error& reason) override {
        ++owner_.connections_lost_;
        owner_.observer_.on_guest_disconnected(id_, reason);
    }
    void on_state_changed() override {
        if (!retired) {
            owner_.observer_.on_target_status(id_);
        }
    }

    Targets& owner_;
    core::TargetId id_;
};

namespace {

/// Whether the session can go on as it is.
bool same_connection(const config::TargetConfig& a, const config::TargetConfig& b) {
    return a.name == b.name && a.uri == b.uri && a.uuid == b.uuid && a.vm_name == b.vm_name &&
           a.password == b.password && a.connect == b.connect && a.insecure == b.insecure &&
           a.peer_uid == b.peer_uid && a.forwarding.max_delta == b.forwarding.max_delta &&
           a.forwarding.horizontal_wheel_as_shift == b.forwarding.horizontal_wheel_as_shift;
}

} // namespace

Targets::Targets(EventLoop& loop, TargetsObserver& observer) : loop_(loop), observer_(observer) {}

Targets::~Targets() = default;

Targets::Target* Targets::get(core::TargetId target) const noexcept {
    return index(target) < slots_.size() ? slots_[index(target)].get() : nullptr;
}

void Targets::configure(const config::Config& config, const InUse& in_use) {
    std::vector<core::TargetId> order;
    for (const auto& wanted : config.targets) {
        const auto known = find(wanted.name);
        if (known && same_connection(get(*known)->settings, wanted)) {
            get(*known)->settings = wanted;
            get(*known)->want_audio();
            order.push_back(*known);
        } else {
            order.push_back(add(config, wanted));
        }
    }
    for (const auto old : order_) {
        if (std::find(order.begin(), order.end(), old) == order.end()) {
            get(old)->retired = true;
            observer_.on_target_retired(old);
        }
    }
    order_ = std::move(order);
    drop_retired(in_use);
}

void Targets::drop_retired(const InUse& in_use) {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const core::TargetId id{static_cast<std::uint16_t>(i)};
        if (slots_[i] && slots_[i]->retired && !in_use(id)) {
            observer_.on_guest_disconnected(id, {ErrorCode::Cancelled, "no longer configured"});
            slots_[i]->session.disconnect();
            slots_[i].reset();
        }
    }
}

core::TargetId Targets::add(const config::Config& config, const config::TargetConfig& target) {
    const auto free = std::find(slots_.begin(), slots_.end(), nullptr);
    const core::TargetId id{static_cast<std::uint16_t>(free - slots_.begin())};
    auto added = std::make_unique<Target>(*this, id, config, target);
    auto& slot =
        free == slots_.end() ? slots_.emplace_back(std::move(added)) : * free = std::move(added);
    slot->want_audio();
    if (target.connect == config::ConnectMode::Always) {
        slot->session.connect();
    }
    return id;
}

void Targets::connect(core::TargetId target) {
    get(target)->session.connect();
}

core::ConnectionState Targets::connection(core::TargetId target) const {
    return get(target)->session.state();
}

bool Targets::has_audio(core::TargetId target, core::AudioKind kind) const {
    const auto* connection = get(target)->session.connection();
    return connection != nullptr && connection->has_channel(channel_of(kind));
}

void Targets::open_audio(core::TargetId target, core::AudioKind kind,
                         spice::SideChannels::Callback done) {
    get(target)->session.open_channel(channel_of(kind), std::move(done));
}

bool Targets::on_this_host(core::TargetId target) const {
    return get(target)->session.on_this_host();
}

void Targets::input_lost(core::TargetId target) {
    if (auto* found = get(target)) {
        found->session.input_lost();
    }
}

std::optional<core::TargetId> Targets::find(std::string_view name) const noexcept {
    const auto found = std::find_if(order_.begin(), order_.end(), [&](core::TargetId id) {
        return get(id)->settings.name == name;
    });
    return found == order_.end() ? std::nullopt : std::optional(*found);
}

const config::TargetConfig& Targets::settings(core::TargetId target) const {
    return get(target)->settings;
}

core::TargetStatus Targets::status(core::TargetId target) const {
    const Target& found = *get(target);
    const auto& error = found.session.last_error();
    return {.name = found.settings.name,
            .uri = found.session.address(),
            .connection = found.session.state(),
            .guest = found.session.identity(),
            .last_error = error ? error->message : std::string(),
            .hotkey = config::to_text(found.settings.hotkey),
            .insecure = found.session.insecure()};
}

} // namespace spicykvm
