// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the objects on the bus do for somebody who may do everything: root.
#include "base/sdbus_compat.h"
#include "fixture.h"
#include "spicykvm-dbus/manager_proxy.h"

#include <gmock/gmock.h>

namespace spicykvm::test {
namespace {

using core::SwitchState;
using testing::ElementsAre;
using testing::IsEmpty;

class Methods : public BusTest {
  protected:
    void SetUp() override {
        BusTest::SetUp();
        if (!IsSkipped()) {
            host.emplace();
            client.emplace();
            client->listen();
        }
    }

    std::string manager_property(const char* name) {
        return client->property(dbus::kManagerPath, kManagerInterface, name);
    }

    std::optional<ServiceHost> host;
    std::optional<BusClient> client;
};

TEST_F(Methods, ActivateTakesTheDefaultTarget) {
    EXPECT_EQ(client->call(manager("Activate")).error, "");
    EXPECT_THAT(host->asked(), ElementsAre("activate win11 by 0"));
    EXPECT_EQ(manager_property("State"), "active");
    EXPECT_EQ(manager_property("ActiveTarget"), "win11");
}

TEST_F(Methods, ActivateTargetTakesTheNamedOne) {
    EXPECT_EQ(client->call(manager("ActivateTarget"), target("work")).error, "");
    EXPECT_THAT(host->asked(), ElementsAre("activate work by 0"));
}

TEST_F(Methods, ActivateTargetWithoutANameTakesTheDefaultTarget) {
    EXPECT_EQ(client->call(manager("ActivateTarget"), target("")).error, "");
    EXPECT_THAT(host->asked(), ElementsAre("activate win11 by 0"));
}

TEST_F(Methods, ATargetActivatesItself) {
    EXPECT_EQ(client->call({"/org/spicykvm/target/work", kTargetInterface, "Activate"}).error, "");
    EXPECT_THAT(host->asked(), ElementsAre("activate work by 0"));
}

TEST_F(Methods, DeactivateGoesHome) {
    ASSERT_EQ(client->call(manager("Activate")).error, "");
    EXPECT_EQ(client->call(manager("Deactivate")).error, "");
    EXPECT_THAT(host->asked(), ElementsAre("activate win11 by 0", "deactivate by 0"));
    EXPECT_EQ(manager_property("State"), "inactive");
    EXPECT_EQ(manager_property("ActiveTarget"), "");
}

TEST_F(Methods, ToggleGoesThereAndBack) {
    EXPECT_EQ(client->call(manager("Toggle")).error, "");
    EXPECT_EQ(client->call(manager("Toggle")).error, "");
    EXPECT_THAT(host->asked(), ElementsAre("activate win11 by 0", "deactivate by 0"));
}

TEST_F(Methods, ToggleOnTheWayThereGoesHome) {
    host->run([](FakeControlPort& port) { port.hold = true; });
    const int activation = client->start(manager("Activate"));
    client->sync();
    host->run([](FakeControlPort& port) { port.set_state(SwitchState::Activating, "win11", 0); });
    EXPECT_EQ(client->call(manager("Toggle")).error, "");
    EXPECT_EQ(client->wait(activation).error, "org.spicykvm.Error.Cancelled");
    EXPECT_EQ(manager_property("State"), "inactive");
}

TEST_F(Methods, WhatIsAlreadySoIsAnsweredAndNotDone) {
    EXPECT_EQ(client->call(manager("Deactivate")).error, "");
    EXPECT_THAT(host->asked(), IsEmpty());
    ASSERT_EQ(client->call(manager("Activate")).error, "");
    client->sync();
    client->changes.clear();
    EXPECT_EQ(client->call(manager("Activate")).error, "");
    EXPECT_EQ(client->call(manager("ActivateTarget"), target("win11")).error, "");
    client->sync();
    EXPECT_THAT(host->asked(), ElementsAre("activate win11 by 0"));
    EXPECT_THAT(client->changes, IsEmpty());
}

TEST_F(Methods, ActiveOnOneTargetIsNotActiveOnAnother) {
    ASSERT_EQ(client->call(manager("Activate")).error, "");
    EXPECT_EQ(client->call(manager("ActivateTarget"), target("work")).error, "");
    EXPECT_THAT(host->asked(), ElementsAre("activate win11 by 0", "activate work by 0"));
}

TEST_F(Methods, AnUnknownTargetIsRefused) {
    const auto outcome = client->call(manager("ActivateTarget"), target("nope"));
    EXPECT_EQ(outcome.error, "org.spicykvm.Error.NotFound");
    EXPECT_EQ(outcome.message, "no target is named \"nope\"");
    EXPECT_THAT(host->asked(), IsEmpty());
}

TEST_F(Methods, WithoutAnyTargetActivateSaysSo) {
    host->run([](FakeControlPort& port) {
        port.snapshot.targets.clear();
        port.snapshot.default_target.clear();
    });
    const auto outcome = client->call(manager("Activate"));
    EXPECT_EQ(outcome.error, "org.spicykvm.Error.NotFound");
    EXPECT_EQ(outcome.message, "no target is configured");
}

TEST_F(Methods, UnknownOptionsAreRefused) {
    const auto outcome = client->call(manager("ActivateTarget"), [](sd_bus_message* message) {
        sd_bus_message_append(message, "sa{sv}", "win11", 1, "trial", "u", 10);
    });
    EXPECT_EQ(outcome.error, dbus::kErrorInvalidArgs);
    EXPECT_THAT(host->asked(), IsEmpty());
}

TEST_F(Methods, OptionsOfTheWrongTypeAreRefused) {
    const auto outcome = client->call(manager("ActivateTarget"), [](sd_bus_message* message) {
        sd_bus_message_append(message, "sa{sv}", "win11", 1, "interactive", "s", "yes");
    });
    EXPECT_EQ(outcome.error, dbus::kErrorInvalidArgs);
    EXPECT_THAT(host->asked(), IsEmpty());
}

TEST_F(Methods, ArgumentsOfTheWrongTypeAreRefused) {
    const auto outcome = client->call(manager("ActivateTarget"), [](sd_bus_message* message) {
        sd_bus_message_append(message, "u", 1);
    });
    EXPECT_EQ(outcome.error, dbus::kErrorInvalidArgs);
    EXPECT_THAT(host->asked(), IsEmpty());
}

TEST_F(Methods, AFailureArrivesWithItsNameAndText) {
    host->run([](FakeControlPort& port) {
        port.failure = Error{ErrorCode::WrongPassword, "win11: the VM refused the password"};
    });
    const auto outcome = client->call(manager("Activate"));
    EXPECT_EQ(outcome.error, "org.spicykvm.Error.WrongPassword");
    EXPECT_EQ(outcome.message, "win11: the VM refused the password");
}

TEST_F(Methods, AFailureWithBytesThatAreNoTextArrivesToo) {
    host->run([](FakeControlPort& port) {
        port.failure = Error{ErrorCode::Protocol, "the peer said \xFF\xFE"};
    });
    EXPECT_EQ(client->call(manager("Activate")).message, "the peer said ??");
}

TEST_F(Methods, ReloadReloads) {
    EXPECT_EQ(client->call(manager("Reload")).error, "");
    EXPECT_THAT(host->asked(), ElementsAre("reload"));
}

TEST_F(Methods, AReloadOfAWrongFileSaysWhere) {
    host->run([](FakeControlPort& port) {
        port.failure = Error{ErrorCode::InvalidArgument, "config.toml:3: target.uri: no port"};
    });
    const auto outcome = client->call(manager("Reload"));
    EXPECT_EQ(outcome.error, "org.spicykvm.Error.InvalidArgument");
    EXPECT_EQ(outcome.message, "config.toml:3: target.uri: no port");
}

TEST_F(Methods, OtherCallsAreServedWhileASwitchIsUnderWay) {
    host->run([](FakeControlPort& port) { port.hold = true; });
    const int activation = client->start(manager("Activate"));
    client->sync();
    EXPECT_EQ(client->call(manager("ListDevices")).error, "");
    EXPECT_FALSE(client->answered(activation));
    EXPECT_EQ(client->call(manager("Deactivate")).error, "");
    EXPECT_EQ(client->wait(activation).error, "org.spicykvm.Error.Cancelled");
}

TEST_F(Methods, WhoStillWaitsWhenTheServiceEndsIsAnswered) {
    host->run([](FakeControlPort& port) { port.hold = true; });
    const int activation = client->start(manager("Activate"));
    while (host->get(&FakeControlPort::asked).empty()) {
        client->sync();
    }
    host->stop_service();
    EXPECT_EQ(client->wait(activation).error, "org.spicykvm.Error.Cancelled");
    // The switch may still finish; nobody is there to be told.
    host->run([](FakeControlPort& port) {
        for (auto& held : port.held) {
            held.done(core::SwitchReport{});
        }
    });
}

TEST_F(Methods, ASwitchChangesItsPropertiesBeforeItIsAnswered) {
    const int activation = client->start(manager("Activate"));
    EXPECT_EQ(client->wait(activation).error, "");
    EXPECT_THAT(client->changes,
                ElementsAre(PropertyChange{
                    dbus::kManagerPath, kManagerInterface, {"ActiveTarget", "State"}}));
    EXPECT_THAT(client->switches, ElementsAre(ElementsAre("win11", "activated", "connect", "ok", "",
                                                          "input", "retried", "a key was held")));
}

TEST_F(Methods, PropertiesChangeOnlyWhenTheyDo) {
    host->run([](FakeControlPort& port) {
        port.observer->on_state_changed();
        port.observer->on_target_changed("win11");
        port.observer->on_target_changed("no-such-target");
        port.observer->on_targets_replaced();
    });
    client->sync();
    EXPECT_THAT(client->changes, IsEmpty());
    EXPECT_THAT(client->signals, IsEmpty());

    host->run([](FakeControlPort& port) {
        port.snapshot.last_error = "win11: connection refused";
        port.observer->on_state_changed();
    });
    client->sync();
    EXPECT_THAT(client->changes,
                ElementsAre(PropertyChange{dbus::kManagerPath, kManagerInterface, {"LastError"}}));
    EXPECT_EQ(manager_property("LastError"), "win11: connection refused");
}

TEST_F(Methods, ATargetShowsItsConnection) {
    host->run([](FakeControlPort& port) {
        auto& status = port.snapshot.targets.front();
        status.connection = core::ConnectionState::Connected;
        status.guest.name = "Windows \xFF";
        status.guest.uuid = core::Uuid{0x12, 0x34};
        status.uri = "spice://vm.example:5900";
        port.observer->on_target_changed("win11");
    });
    client->sync();
    const char* const path = "/org/spicykvm/target/win11";
    EXPECT_THAT(client->changes,
                ElementsAre(PropertyChange{
                    path, kTargetInterface, {"Connection", "Uri", "VmName", "VmUuid"}}));
    EXPECT_EQ(client->property(path, kTargetInterface, "Connection"), "connected");
    EXPECT_EQ(client->property(path, kTargetInterface, "VmName"), "Windows ?");
    EXPECT_EQ(client->property(path, kTargetInterface, "VmUuid"),
              "12340000-0000-0000-0000-000000000000");
}

TEST_F(Methods, TargetsComeAndGoWithTheConfiguration) {
    host->run([](FakeControlPort& port) {
        port.snapshot.targets.erase(port.snapshot.targets.begin());
        port.snapshot.targets.emplace_back().name = "1 öd";
        port.observer->on_targets_replaced();
    });
    client->sync();
    EXPECT_THAT(client->signals, ElementsAre("InterfacesRemoved /org/spicykvm/target/win11",
                                             "InterfacesAdded /org/spicykvm/target/_31_20_c3_b6d"));
    EXPECT_EQ(client->property("/org/spicykvm/target/_31_20_c3_b6d", kTargetInterface, "Name"),
              "1 öd");
    EXPECT_NE(client->call({"/org/spicykvm/target/win11", kTargetInterface, "Activate"}).error, "");
}

TEST_F(Methods, PropertiesCanNotBeWritten) {
    const auto outcome = client->call(
        {dbus::kManagerPath, "org.freedesktop.DBus.Properties", "Set"},
        [](sd_bus_message* message) {
            sd_bus_message_append(message, "ssv", kManagerInterface, "State", "s", "active");
        });
    EXPECT_EQ(outcome.error, "org.freedesktop.DBus.Error.PropertyReadOnly");
}

class Client final : public sdbus::ProxyInterfaces<org::spicykvm::Manager_proxy> {
  public:
    explicit Client(sdbus::IConnection& connection)
        : ProxyInterfaces(connection, compat::ServiceName(dbus::kBusName),
                          sdbus::ObjectPath(dbus::kManagerPath)) {
        registerProxy();
    }
    ~Client() { unregisterProxy(); }

  private:
    using Step = sdbus::Struct<std::string, std::string, std::string>;
    void onSwitchFinished(const std::string&, const std::string&,
                          const std::vector<Step>&) override {}
};

TEST_F(Methods, TheGeneratedProxyTalksToTheGeneratedAdaptor) {
    host->run([](FakeControlPort& port) {
        port.known_devices.push_back({"/dev/input/event3", "A keyboard", "046d:c52b", "usb-1", true,
                                      false, true, false, ""});
        port.counters.keys_sent = 42;
        port.snapshot.warnings = {"no pointer"};
    });
    const auto connection = sdbus::createSystemBusConnection();
    Client proxy(*connection);
    proxy.ActivateTarget("work", {{"interactive", sdbus::Variant(false)}});
    EXPECT_EQ(proxy.State(), "active");
    auto status = proxy.Status();
    EXPECT_EQ(status.at("active_target").get<std::string>(), "work");
    EXPECT_EQ(status.at("activator").get<std::uint32_t>(), 0U);
    EXPECT_THAT(status.at("warnings").get<std::vector<std::string>>(), ElementsAre("no pointer"));
    using Counters = std::map<std::string, std::uint64_t>;
    EXPECT_EQ(status.at("metrics").get<Counters>().at("keys_sent"), 42U);
    const auto devices = proxy.ListDevices();
    ASSERT_EQ(devices.size(), 1U);
    EXPECT_EQ(devices.front().at("node").get<std::string>(), "/dev/input/event3");
    EXPECT_TRUE(devices.front().at("keyboard").get<bool>());
}

} // namespace
} // namespace spicykvm::test
