// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/bus_daemon.h"

#include "base/sdbus_compat.h"
#include "ctl/bus_values.h"
#include "ctl/changes.h"
#include "spicykvm-dbus/displays_proxy.h"
#include "spicykvm-dbus/manager_proxy.h"
#include "spicykvm-dbus/names.h"
#include "spicykvm-dbus/target_proxy.h"

#include <chrono>
#include <utility>

namespace spicykvm::ctl {

namespace {

/// polkit may ask a person for a password meanwhile; as in the interface's description.
constexpr std::chrono::seconds kPatience{150};

using ManagerInterface = org::spicykvm::Manager_proxy;
using TargetInterface = org::spicykvm::Target_proxy;

/// The generated proxy, with its signal.
class ManagerProxy final : public sdbus::ProxyInterfaces<ManagerInterface> {
  public:
    explicit ManagerProxy(sdbus::IConnection& connection)
        : ProxyInterfaces(connection, compat::ServiceName(dbus::kBusName),
                          sdbus::ObjectPath(dbus::kManagerPath)) {
        registerProxy();
    }
    ManagerProxy(const ManagerProxy&) = delete;
    ManagerProxy& operator=(const ManagerProxy&) = delete;
    ~ManagerProxy() { unregisterProxy(); }

    std::function<void(const SwitchEvent&)> on_switch;

    /// Calls a method without arguments that polkit may ask a password for: the generated ones
    /// can't set the message's flag.
    void call_interactive(const char* method) {
        sdbus::MethodCall call = compat::new_call(getProxy(), INTERFACE_NAME, method);
        (void)sd_bus_message_set_allow_interactive_authorization(compat::RawMessage::of(call), 1);
        (void)getProxy().callMethod(call, kPatience);
    }

  private:
    using Steps = std::vector<sdbus::Struct<std::string, std::string, std::string>>;
    void onSwitchFinished(const std::string& target, const std::string& reason,
                          const Steps& steps) override {
        SwitchEvent event{target, reason, {}};
        for (const auto& step : steps) {
            event.steps.push_back({step.get<0>(), step.get<1>(), step.get<2>()});
        }
        if (on_switch) {
            on_switch(event);
        }
    }
};

class DisplaysProxy final : public sdbus::ProxyInterfaces<org::spicykvm::Displays_proxy> {
  public:
    explicit DisplaysProxy(sdbus::IConnection& connection)
        : ProxyInterfaces(connection, compat::ServiceName(dbus::kBusName),
                          sdbus::ObjectPath(dbus::kManagerPath)) {
        registerProxy();
    }
    DisplaysProxy(const DisplaysProxy&) = delete;
    DisplaysProxy& operator=(const DisplaysProxy&) = delete;
    ~DisplaysProxy() { unregisterProxy(); }

    /// As ManagerProxy::call_interactive(), for the methods that give something.
    template <typename Given = Dict, typename... Arguments>
    Given ask_interactive(const char* method, const Arguments&... arguments) {
        sdbus::MethodCall call = compat::new_call(getProxy(), INTERFACE_NAME, method);
        (call << ... << arguments);
        (void)sd_bus_message_set_allow_interactive_authorization(compat::RawMessage::of(call), 1);
        Given answer;
        const bool long_one = std::string_view(method) == "TestReturn";
        auto reply = getProxy().callMethod(call, long_one ? 2 * kPatience : kPatience);
        reply >> answer;
        return answer;
    }
};

/// What the call gives, or the error that it throws.
template <typename Call>
auto answer_of(Call call) -> Answer<decltype(call())> {
    try {
        if constexpr (std::is_void_v<decltype(call())>) {
            call();
            return {};
        } else {
            return call();
        }
    } catch (const sdbus::Error& error) {
        return tl::unexpected(CallError{error.getName(), error.getMessage()});
    }
}

class BusDaemon final : public Daemon {
  public:
    Answer<void> open(BusKind kind) {
        auto bus = Bus::open(loop_, kind);
        if (!bus) {
            return tl::unexpected(CallError{kNoBus, bus.error().message});
        }
        bus_ = std::move(*bus);
        return answer_of([this] {
            manager_ = std::make_unique<ManagerProxy>(connection());
            displays_ = std::make_unique<DisplaysProxy>(connection());
        });
    }

    bool is_running() override;
    Answer<Status> status() override {
        return answer_of([this] { return to_status(manager_->Status()); });
    }
    Answer<std::vector<Device>> devices() override {
        return answer_of([this] { return to_devices(manager_->ListDevices()); });
    }
    Answer<std::vector<Display>> displays() override {
        return answer_of([this] { return to_displays(displays_->ListDisplays()); });
    }
    Answer<Feature> get_feature(const std::string& display, std::uint8_t feature) override {
        return answer_of(
            [&] { return to_feature(displays_->ask_interactive("GetFeature", display, feature)); });
    }
    Answer<std::string> set_feature(const std::string& display, std::uint8_t feature,
                                    const std::string& value) override {
        return answer_of([&] {
            return to_note(
                displays_->ask_interactive("SetFeature", display, feature, value, Dict{}));
        });
    }
    Answer<Capabilities> read_capabilities(const std::string& display) override {
        return answer_of([&] {
            return to_capabilities(displays_->ask_interactive("ReadCapabilities", display));
        });
    }
    Answer<std::vector<ReturnTrial>> test_return(const std::string& target,
                                                 const std::string& monitor,
                                                 std::uint32_t seconds) override {
        return answer_of([&] {
            return to_trials(displays_->ask_interactive<std::vector<Dict>>(
                "TestReturn", target, monitor, seconds, Dict{}));
        });
    }
    Answer<void> activate(const std::string& target) override {
        return answer_of([&] {
            manager_->ActivateTarget(target, {{"interactive", sdbus::Variant(true)}});
        });
    }
    Answer<void> deactivate() override {
        return answer_of([this] { manager_->Deactivate(); });
    }
    Answer<void> toggle() override {
        return answer_of([this] { manager_->call_interactive("Toggle"); });
    }
    Answer<void> reload() override {
        return answer_of([this] { manager_->call_interactive("Reload"); });
    }
    Answer<void> watch(const std::function<void(const Event&)>& on_event) override;

  private:
    sdbus::IConnection& connection() { return bus_->connection(); }
    void subscribe();
    void on_owner_changed(bool is_owned);
    void on_properties_changed(const std::string& path, const std::string& interface,
                               const Dict& changed);
    void refresh();

    EventLoop loop_;
    std::unique_ptr<Bus> bus_;
    std::unique_ptr<ManagerProxy> manager_;
    std::unique_ptr<DisplaysProxy> displays_;
    std::vector<sdbus::Slot> matches_;
    std::optional<ChangeReporter> reporter_;
    Status known_;
};

Answer<void> BusDaemon::watch(const std::function<void(const Event&)>& on_event) {
    reporter_.emplace(on_event);
    manager_->on_switch = [this](const SwitchEvent& event) { reporter_->finished(event); };
    bus_->on_disconnected([this] { loop_.exit(1); });
    return answer_of([this] { subscribe(); }).and_then([this]() -> Answer<void> {
        if (is_running()) {
            refresh();
        } else {
            reporter_->gone();
        }
        loop_.run();
        return tl::unexpected(CallError{kNoBus, "the message bus is gone"});
    });
}

void BusDaemon::subscribe() {
    const std::string from = "type='signal',sender='" + std::string(dbus::kBusName) + "',";
    matches_.push_back(compat::add_match(
        connection(),
        from + "interface='org.freedesktop.DBus.Properties',member='PropertiesChanged'",
        [this](auto&& message) {
            std::string interface;
            Dict changed;
            message >> interface >> changed;
            on_properties_changed(message.getPath(), interface, changed);
        }));
    // Targets have come or gone with a new configuration: ask, but not from inside of a handler.
    matches_.push_back(compat::add_match(connection(),
                                         from + "interface='org.freedesktop.DBus.ObjectManager'",
                                         [this](auto&&) { loop_.defer([this] { refresh(); }); }));
    matches_.push_back(compat::add_match(
        connection(),
        "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='" +
            std::string(dbus::kBusName) + "'",
        [this](auto&& message) {
            std::string name;
            std::string before;
            std::string after;
            message >> name >> before >> after;
            on_owner_changed(!after.empty());
        }));
}

void BusDaemon::on_owner_changed(bool is_owned) {
    if (is_owned) {
        loop_.defer([this] { refresh(); });
    } else {
        reporter_->gone();
    }
}

void BusDaemon::on_properties_changed(const std::string& path, const std::string& interface,
                                      const Dict& changed) {
    if (interface == ManagerInterface::INTERFACE_NAME) {
        apply_manager(known_, changed);
    } else if (interface == TargetInterface::INTERFACE_NAME) {
        apply_target(known_, path, changed);
    }
    reporter_->update(known_);
}

bool BusDaemon::is_running() {
    const auto bus = sdbus::createProxy(connection(), compat::ServiceName("org.freedesktop.DBus"),
                                        sdbus::ObjectPath("/org/freedesktop/DBus"));
    bool owned = false;
    (void)answer_of([&] {
        bus->callMethod("NameHasOwner")
            .onInterface("org.freedesktop.DBus")
            .withArguments(std::string(dbus::kBusName))
            .storeResultsTo(owned);
    });
    return owned;
}

void BusDaemon::refresh() {
    if (const auto now = status()) {
        known_ = *now;
        reporter_->update(known_);
    }
}

} // namespace

Answer<std::unique_ptr<Daemon>> connect_daemon(BusKind kind) {
    auto daemon = std::make_unique<BusDaemon>();
    return daemon->open(kind).map([&]() -> std::unique_ptr<Daemon> { return std::move(daemon); });
}

} // namespace spicykvm::ctl
