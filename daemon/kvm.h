// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "audio.h"
#include "base/event_loop.h"
#include "config/config.h"
#include "core/control_port.h"
#include "core/seat_policy.h"
#include "core/switch_machine.h"
#include "guardian.h"
#include "input/input_thread.h"
#include "monitors.h"
#include "targets.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace spicykvm {

/// The switch as a whole: ties targets, input and the switch machine together, and is what the bus
/// controls. Owns no descriptor of its own. Main loop only.
class Kvm final : public core::ControlPort,
                  public core::SeatPort,
                  private core::InputObserver,
                  private core::SwitchMachineObserver,
                  private TargetsObserver {
  public:
    /// Reads the configuration again: the new one, or InvalidArgument with the first error's line.
    using Loader = std::function<Result<config::Config>()>;

    Kvm(EventLoop& loop, const Notifier& notifier, const config::Config& config, Loader loader,
        const MonitorPaths& monitor_paths);

    void activate(std::string_view target, const core::Origin& origin, SwitchDone done) override;
    void deactivate(const core::Origin& origin, SwitchDone done) override;
    void reload(ReloadDone done) override;
    [[nodiscard]] core::StatusSnapshot status() const override;
    [[nodiscard]] std::vector<core::DeviceStatus> devices() const override;
    [[nodiscard]] core::Metrics metrics() const override;
    void observe(core::ControlObserver* observer) override { observer_ = observer; }

    void on_seat(const core::SeatState& state, Home home) override;
    void on_lock_request() override;

    /// As activate(), to the default target: for --activate.
    void activate_default();
    /// Called after every switch home; for --oneshot.
    void on_home(EventLoop::Callback callback) { home_ = std::move(callback); }
    /// Asks which services grab keyboards; answers later, once, from the loop, within a second.
    using FindGrabbers =
        std::function<void(std::function<void(const std::vector<std::string>& units)>)>;
    /// So that an activation that another program's grab makes fail can name it.
    void name_grabbers_by(FindGrabbers find) { find_grabbers_ = std::move(find); }
    /// A device that is not found by udev: for tests.
    void add_node(std::unique_ptr<input::InputNode> node) { input_.add_node(std::move(node)); }
    [[nodiscard]] Monitors& monitors() noexcept { return monitors_; }
    [[nodiscard]] Audio& audio() noexcept { return audio_; }
    /// Comes home for good, then calls back.
    void shut_down(EventLoop::Callback done);

  private:
    void on_entered(std::uint32_t serial, const core::EnterReport& report) override;
    void on_enter_failed(std::uint32_t serial, const Error& error) override;
    void on_left(const core::LeaveReport& report) override;
    void on_hotkey(const core::Hotkey& hotkey, bool begin) override;
    void on_guest_lost(core::TargetId target) override;

    void on_switch_state() override;
    void on_switch_finished(core::TargetId target, const core::SwitchReport& report) override;

    void on_guest_input(core::TargetId target, std::unique_ptr<core::GuestInput> input) override;
    void on_guest_connected(core::TargetId target) override;
    void on_guest_connect_failed(core::TargetId target, const Error& error) override;
    void on_guest_disconnected(core::TargetId target, const Error& reason) override;
    void on_target_status(core::TargetId target) override;
    void on_target_retired(core::TargetId target) override;

    void apply(const config::Config& config);
    [[nodiscard]] bool in_use(core::TargetId target) const;
    void go_to(std::optional<core::TargetId> target);
    /// For none: nothing, and `home` at once.
    void come_home(std::optional<core::LeaveReason> reason, Home home);
    [[nodiscard]] std::optional<core::TargetId> default_target() const;
    [[nodiscard]] std::optional<core::TargetId> next_target() const;
    [[nodiscard]] std::optional<core::TargetId> last_target() const;
    [[nodiscard]] std::vector<std::string> warnings() const;

    EventLoop& loop_;
    const Notifier& notifier_;
    Loader loader_;
    config::Config config_;
    Targets targets_;
    Audio audio_;
    input::InputThread input_;
    core::SwitchMachine machine_;
    core::SeatPolicy seat_;
    Monitors monitors_;
    Guardian guardian_;

    core::ControlObserver* observer_ = nullptr;
    EventLoop::Callback home_;
    FindGrabbers find_grabbers_;
    std::string last_used_;   ///< name of the target that was active last
    std::string before_last_; ///< and of the one before it
    std::optional<uid_t> activator_;
    std::string last_error_;
    TimePoint since_;
    core::EnterReport entered_;
    core::SwitchState shown_state_ = core::SwitchState::Inactive;
    std::uint64_t activations_ = 0;
    std::uint64_t activations_failed_ = 0;
    std::uint64_t deactivations_ = 0;
};

} // namespace spicykvm
