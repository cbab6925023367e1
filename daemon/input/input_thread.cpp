// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/input_thread.h"

#include "base/log.h"
#include "diagnosis/node_access.h"
#include "input/device_monitor.h"
#include "input/device_table.h"
#include "input/engine.h"
#include "input/evdev_node.h"
#include "input/messages.h"
#include "input/report_text.h"

#include <cstdlib>
#include <deque>
#include <map>
#include <set>
#include <sys/epoll.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace spicykvm::input {

namespace {

/// A link such as /dev/input/by-id/... becomes the node that it leads to now.
void resolve(std::vector<DeviceCriteria>& list) {
    for (DeviceCriteria& criteria : list) {
        if (criteria.path.empty()) {
            continue;
        }
        const std::unique_ptr<char, decltype(&std::free)> real(
            ::realpath(criteria.path.c_str(), nullptr), std::free);
        if (real) {
            criteria.path = real.get();
        }
    }
}

DeviceSelection resolved(DeviceSelection selection) {
    resolve(selection.include);
    resolve(selection.exclude);
    return selection;
}

std::unique_ptr<ThreadConfig> thread_config(const InputSettings& settings,
                                            std::uint32_t generation) {
    auto config = std::make_unique<ThreadConfig>();
    config->generation = generation;
    config->hotkeys = settings.hotkeys;
    config->hotkey_codes = settings.hotkeys.codes();
    config->forwarding = settings.forwarding;
    config->neutral_deadline = settings.neutral_deadline;
    config->stall_timeout = settings.stall_timeout;
    config->release_deadline = settings.release_deadline;
    config->lease = settings.lease;
    return config;
}

} // namespace

class InputThread::State final : private DeviceSink, private DeviceMonitor::Observer {
  public:
    State(EventLoop& loop, core::InputObserver& observer, InputSettings settings);
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State();

    void watch_devices(EventLoop& loop);
    void post(Command command);
    void flush_backlog();
    void add_guest(core::TargetId target, std::unique_ptr<core::GuestInput> guest);
    void remove_guest(core::TargetId target);
    void configure(InputSettings settings);
    void add_node(std::unique_ptr<InputNode> node);
    [[nodiscard]] std::vector<core::DeviceStatus> devices() const;
    void forget_troubles() { table_.forget_troubles(); }
    [[nodiscard]] ThreadLink& link() noexcept { return link_; }

  private:
    void choose();
    void open_named();
    void open(const FoundNode& node);

    void add(core::DeviceSlot slot, const NodePlan& plan, std::unique_ptr<InputNode> node) override;
    void change(core::DeviceSlot slot, const NodePlan& plan) override;
    void remove(core::DeviceSlot slot, bool unplugged) override;

    void on_node_found(const FoundNode& node) override;
    void on_node_gone(std::string_view path) override;
    void on_nodes_settled() override;

    void on_reports();
    void deliver(std::monostate) {}
    void deliver(const report::Entered& report);
    void deliver(const report::EnterFailed& report);
    void deliver(const report::Left& report);
    void deliver(const report::Hotkey& report);
    void deliver(const report::GuestLost& report);
    void deliver(const report::NodeGone& report);
    void deliver(const report::NodeTrouble& report);
    void deliver(const report::Started& report);
    void deliver(const report::Retired&) {}

    core::InputObserver& observer_;
    InputSettings settings_;
    std::uint32_t config_generation_ = 0;
    std::map<core::TargetId, std::uint32_t> guest_generations_;
    std::uint32_t last_guest_generation_ = 0;
    ThreadLink link_;
    std::deque<Command> backlog_; ///< what the mailbox had no room for
    DeviceTable table_;
    std::set<ErrorCode> refusals_; ///< that were logged
    EventSource reports_;
    Engine engine_;
    std::thread thread_;
    std::optional<DeviceMonitor> monitor_;
};

InputThread::State::State(EventLoop& loop, core::InputObserver& observer, InputSettings settings)
    : observer_(observer), settings_(std::move(settings)),
      table_(*this,
             [](const NodeIdentity& identity) -> Result<std::unique_ptr<InputNode>> {
                 return EvdevNode::open(identity);
             }),
      reports_(loop.add_io(link_.reports.fd(), EPOLLIN, [this](std::uint32_t) { on_reports(); })),
      engine_(link_, thread_config(settings_, config_generation_),
              Engine::Options{.rt_priority = settings_.rt_priority}),
      thread_([this] { engine_.run(); }) {}

void InputThread::State::watch_devices(EventLoop& loop) {
    DeviceMonitor::Observer& self = *this;
    monitor_.emplace(loop, self);
    monitor_->enumerate();
}

InputThread::State::~State() {
    monitor_.reset();
    backlog_.clear();
    while (!link_.commands.send(Command{command::Stop{}, {}})) {
        std::this_thread::yield(); // the thread makes room, or the watchdog ends all this
    }
    thread_.join();
}

void InputThread::State::post(Command command) {
    flush_backlog();
    if (!backlog_.empty() || !link_.commands.send(std::move(command))) {
        backlog_.push_back(std::move(command)); // NOLINT: send() takes only on success
    }
}

void InputThread::State::flush_backlog() {
    while (!backlog_.empty() && link_.commands.send(std::move(backlog_.front()))) {
        backlog_.pop_front();
    }
}

void InputThread::State::add_guest(core::TargetId target, std::unique_ptr<core::GuestInput> guest) {
    const std::uint32_t generation = ++last_guest_generation_;
    guest_generations_[target] = generation;
    post({command::AddGuest{target, generation},
          Cargo{.node = nullptr, .guest = std::move(guest), .config = nullptr}});
}

void InputThread::State::remove_guest(core::TargetId target) {
    guest_generations_.erase(target);
    post({command::RemoveGuest{target}, {}});
}

void InputThread::State::configure(InputSettings settings) {
    settings_ = std::move(settings);
    post({command::Configure{}, Cargo{.node = nullptr,
                                      .guest = nullptr,
                                      .config = thread_config(settings_, ++config_generation_)}});
    on_nodes_settled();
}

void InputThread::State::add_node(std::unique_ptr<InputNode> node) {
    table_.found(std::move(node));
    choose();
}

std::vector<core::DeviceStatus> InputThread::State::devices() const {
    return table_.status(link_.grabbed.load(std::memory_order_relaxed));
}

void InputThread::State::choose() {
    table_.choose(resolved(settings_.devices), settings_.hotkeys);
}

/// Nodes that are named by their path need no udev. One that is not there is listed, too, and so is
/// one that only this process does not see.
void InputThread::State::open_named() {
    if (!monitor_) {
        return;
    }
    table_.forget_missing([](const std::string& path) {
        return ::access(path.c_str(), F_OK) == 0 ||
               diagnosis::look_at_node(diagnosis::NodeKind::Input, path).is_known;
    });
    for (const DeviceCriteria& criteria : resolved(settings_.devices).include) {
        if (!criteria.path.empty() && !table_.knows(criteria.path)) {
            open(DeviceMonitor::look_up(criteria.path));
        }
    }
}

void InputThread::State::open(const FoundNode& node) {
    auto opened = EvdevNode::open(node.identity);
    if (opened) {
        return table_.found(std::move(*opened));
    }
    // One reason is often that of all devices.
    const bool news = refusals_.insert(opened.error().code).second;
    log("input").log(news ? spdlog::level::warn : spdlog::level::debug, "{}; ignoring the device",
                     opened.error().message);
    table_.found_useless(node.identity, opened.error().message);
}

void InputThread::State::add(core::DeviceSlot slot, const NodePlan& plan,
                             std::unique_ptr<InputNode> node) {
    post({command::AddNode{slot, plan},
          Cargo{.node = std::move(node), .guest = nullptr, .config = nullptr}});
}

void InputThread::State::change(core::DeviceSlot slot, const NodePlan& plan) {
    post({command::PlanNode{slot, plan}, {}});
}

void InputThread::State::remove(core::DeviceSlot slot, bool unplugged) {
    post({command::RemoveNode{slot,
                              unplugged ? core::LeaveReason::NoDevice : core::LeaveReason::Reload},
          {}});
}

void InputThread::State::on_node_found(const FoundNode& node) {
    if (table_.holds(node.identity.path)) {
        return; // by enumeration and by message
    }
    table_.gone(node.identity.path); // what had the number before
    if (node.has_input) {
        open(node);
    } else {
        table_.found_useless(node.identity, "neither keyboard nor pointer");
    }
}

void InputThread::State::on_node_gone(std::string_view path) {
    table_.gone(path);
}

void InputThread::State::on_nodes_settled() {
    open_named();
    choose();
}

void InputThread::State::on_reports() {
    link_.reports.acknowledge();
    flush_backlog();
    while (const auto report = link_.reports.receive()) {
        std::visit([this](const auto& what) { deliver(what); }, report->what);
    }
}

void InputThread::State::deliver(const report::Entered& report) {
    observer_.on_entered(report.serial, report.result);
}

void InputThread::State::deliver(const report::EnterFailed& report) {
    observer_.on_enter_failed(report.serial, to_error(report));
}

void InputThread::State::deliver(const report::Left& report) {
    observer_.on_left(report.result);
}

void InputThread::State::deliver(const report::Hotkey& report) {
    link_.hotkeys_under_way.fetch_sub(1, std::memory_order_relaxed);
    if (report.generation == config_generation_) {
        observer_.on_hotkey(report.hotkey, report.begin);
    }
}

void InputThread::State::deliver(const report::GuestLost& report) {
    const auto known = guest_generations_.find(report.target);
    if (known != guest_generations_.end() && known->second == report.generation) {
        guest_generations_.erase(known);
        observer_.on_guest_lost(report.target);
    }
}

void InputThread::State::deliver(const report::NodeGone& report) {
    table_.on_closed(report.slot);
    choose();
}

void InputThread::State::deliver(const report::NodeTrouble& report) {
    const NodeIdentity* const identity = table_.find(report.slot);
    if (identity == nullptr) {
        return;
    }
    std::string text = describe(report, identity->path);
    log("input").warn("{}", text);
    if (report.what == report::NodeTrouble::What::GrabFailed) {
        table_.note_trouble(report.slot, std::move(text));
    }
}

void InputThread::State::deliver(const report::Started& report) {
    if (report.scheduling != std::errc{}) {
        log("input").info("no real-time priority for the input thread: {}; going on without",
                          message_of(report.scheduling));
    }
    if (report.memory != std::errc{}) {
        log("input").debug("memory not locked (LimitMEMLOCK=infinity allows it); going on without");
    }
}

InputThread::InputThread(EventLoop& loop, core::InputObserver& observer, InputSettings settings)
    : state_(std::make_unique<State>(loop, observer, settings)) {
    if (settings.watch_devices) {
        state_->watch_devices(loop);
    }
}

InputThread::~InputThread() = default;

void InputThread::enter(core::TargetId target, std::uint32_t serial) {
    state_->forget_troubles();
    state_->post({command::Enter{target, serial, Clock::now()}, {}});
}

void InputThread::leave(core::LeaveReason reason) {
    state_->post({command::Leave{reason, Clock::now()}, {}});
}

void InputThread::lend_pointers(bool lent) {
    state_->post({command::LendPointers{lent}, {}});
}

void InputThread::add_guest(core::TargetId target, std::unique_ptr<core::GuestInput> guest) {
    state_->add_guest(target, std::move(guest));
}

void InputThread::remove_guest(core::TargetId target) {
    state_->remove_guest(target);
}

void InputThread::configure(InputSettings settings) {
    state_->configure(std::move(settings));
}

void InputThread::renew_lease() {
    state_->link().lease.store(Clock::now().time_since_epoch().count(), std::memory_order_relaxed);
    state_->flush_backlog();
}

std::optional<TimePoint> InputThread::heartbeat() const noexcept {
    const auto beat = state_->link().heartbeat.load(std::memory_order_relaxed);
    return beat != 0 ? std::optional(TimePoint(TimePoint::duration(beat))) : std::nullopt;
}

std::vector<core::DeviceStatus> InputThread::devices() const {
    return state_->devices();
}

const InputMetrics& InputThread::metrics() const noexcept {
    return state_->link().metrics;
}

void InputThread::add_node(std::unique_ptr<InputNode> node) {
    state_->add_node(std::move(node));
}

} // namespace spicykvm::input
