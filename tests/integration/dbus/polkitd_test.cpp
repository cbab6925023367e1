// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The project's policy files, read by the real dbus-daemon and the real polkitd, with the daemon as
// the user that it has when it is installed: much of what polkit refuses to others it grants to
// root, so that a test as root would not see what is missing.
#include "fixture.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <sstream>

namespace spicykvm::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kPolkitd = "/usr/lib/polkit-1/polkitd";
constexpr uid_t kDaemonUser = 61234;

std::string read_file(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Both daemons in mount namespaces where the user spicykvm exists, and where polkit has the
/// project's actions and some rules. kAlice is in the group office, kBob in kvm-switch. Nothing of
/// the machine itself is changed.
class Polkitd : public testing::Test {
  protected:
    void SetUp() override {
        if (::geteuid() != 0) {
            GTEST_SKIP() << "needs root: mount namespaces";
        }
        if (!std::filesystem::exists(kPolkitd)) {
            GTEST_SKIP() << "needs " << kPolkitd;
        }
        if (std::system("unshare --mount true") != 0) {
            GTEST_SKIP() << "needs to be allowed mount namespaces";
        }
        write_files();
        PrivateBusSettings settings;
        settings.may_own_nothing = true;
        settings.launcher = launcher();
        bus.emplace(settings);
        auto command = launcher();
        command.emplace_back(kPolkitd);
        command.emplace_back("--no-debug");
        polkitd.emplace(command, folder.path() / "polkitd.log");
        BusClient().wait_for_name("org.freedesktop.PolicyKit1");
        host.emplace(ServiceSettings{.run_as = kDaemonUser});
    }

    /// The project's actions are installed.
    [[nodiscard]] virtual bool has_actions() const { return true; }

    void write_files() {
        const std::string id = std::to_string(kDaemonUser);
        folder.write("passwd", read_file("/etc/passwd") + "spicykvm:x:" + id + ":" + id +
                                   "::/:/usr/sbin/nologin\n");
        folder.write("group", read_file("/etc/group") + "spicykvm:x:" + id +
                                  ":\noffice:x:61235:daemon\nkvm-switch:x:61236:bin\n");
        if (has_actions()) {
            folder.write("actions/org.spicykvm.Manager.policy", read_file(SPICYKVM_POLKIT_POLICY));
        } else {
            std::filesystem::create_directories(folder.path() / "actions");
        }
        folder.write("rules/50-test.rules", rules());
        const std::string here = folder.path().string();
        folder.write("enter.sh", "set -e\n"
                                 "mount --make-rprivate /\n"
                                 "mount --bind " +
                                     here +
                                     "/passwd /etc/passwd\n"
                                     "mount --bind " +
                                     here +
                                     "/group /etc/group\n"
                                     "mount --bind " +
                                     here +
                                     "/actions /usr/share/polkit-1/actions\n"
                                     "mount --bind " +
                                     here +
                                     "/rules /etc/polkit-1/rules.d\n"
                                     "exec \"$@\"\n");
    }

    [[nodiscard]] virtual std::string rules() const {
        return "polkit.addRule(function(action, subject) {"
               "  if (action.id == 'org.spicykvm.Manager.activate' &&"
               "      action.lookup('target') == 'work' && subject.user == 'bin')"
               "    return polkit.Result.YES; });\n";
    }

    std::vector<std::string> launcher() const {
        return {"unshare", "--mount", "sh", (folder.path() / "enter.sh").string()};
    }

    TemporaryFolder folder;
    std::optional<PrivateBus> bus;
    std::optional<ChildProcess> polkitd;
    std::optional<ServiceHost> host;
};

TEST_F(Polkitd, LetsTheDaemonsUserHaveTheNameAndAskAboutOthers) {
    EXPECT_TRUE(host->published()) << host->published().error().message;
    BusClient bob(kBob);
    // By the rule, which needs the detail: only an action's owner may pass one.
    EXPECT_EQ(bob.call(manager("ActivateTarget"), target("work")).error, "");
    EXPECT_THAT(host->asked(), ElementsAre("activate work by 2"));
    EXPECT_EQ(bob.call(manager("Deactivate")).error, "");
}

TEST_F(Polkitd, WantsAnAdministratorForWhoIsNotAtTheSeat) {
    BusClient bob(kBob);
    bob.let_ask_password(true); // and there is nobody to ask
    EXPECT_EQ(bob.call(manager("ActivateTarget"), target("win11")).error,
              dbus::kErrorInteractionRequired);
    EXPECT_EQ(bob.call(manager("Reload")).error, dbus::kErrorInteractionRequired);
    EXPECT_THAT(host->asked(), IsEmpty());
}

TEST_F(Polkitd, WantsAnAdministratorForMonitors) {
    BusClient bob(kBob);
    const BusClient::Append input = [](sd_bus_message* message) {
        sd_bus_message_append(message, "sy", "DP-1", 0x60);
    };
    EXPECT_EQ(bob.call(displays("GetFeature"), input).error, dbus::kErrorInteractionRequired);
    EXPECT_EQ(bob.call(displays("ListDisplays")).error, "");
    BusClient root;
    EXPECT_EQ(root.call(displays("GetFeature"), input).error, "");
    EXPECT_THAT(host->displays_asked(), ElementsAre("list", "get DP-1 96"));
}

TEST_F(Polkitd, NeverWantsAPasswordForTheWayHome) {
    host->run([](FakeControlPort& port) {
        port.set_state(core::SwitchState::Active, "win11", std::nullopt);
    });
    BusClient bob(kBob);
    bob.let_ask_password(true);
    EXPECT_EQ(bob.call(manager("Deactivate")).error, dbus::kErrorAccessDenied);
    BusClient root;
    EXPECT_EQ(root.call(manager("Deactivate")).error, "");
}

TEST_F(Polkitd, DoesNotKeepRootOut) {
    BusClient root;
    EXPECT_EQ(root.call(manager("Activate")).error, "");
    EXPECT_EQ(root.call(manager("Reload")).error, "");
}

class PolkitdWithoutActions : public Polkitd {
    [[nodiscard]] bool has_actions() const override { return false; }
};

TEST_F(PolkitdWithoutActions, IsSaidToLackThem) {
    BusClient bob(kBob);
    const Outcome refused = bob.call(manager("Reload"));
    EXPECT_EQ(refused.error, dbus::kErrorAccessDenied);
    EXPECT_EQ(refused.message,
              "only root may do this: polkit does not know org.spicykvm.Manager.configure, or not "
              "that user spicykvm asks about it: is org.spicykvm.Manager.policy in "
              "/usr/share/polkit-1/actions?");
}

/// What docs/examples gives to administrators.
class PolkitdWithExample : public Polkitd {
  protected:
    [[nodiscard]] std::string rules() const override { return read_file(SPICYKVM_POLKIT_EXAMPLE); }
};

TEST_F(PolkitdWithExample, DecidesByGroupAndByTarget) {
    BusClient alice(kAlice);
    EXPECT_EQ(alice.call(manager("ActivateTarget"), target("win11")).error,
              dbus::kErrorInteractionRequired);
    EXPECT_EQ(alice.call(manager("Reload")).error, dbus::kErrorInteractionRequired);
    BusClient bob(kBob);
    EXPECT_EQ(bob.call(manager("ActivateTarget"), target("work")).error, dbus::kErrorAccessDenied);
    EXPECT_EQ(bob.call(manager("ActivateTarget"), target("win11")).error, "");
    EXPECT_EQ(bob.call(manager("Reload")).error, "");
    EXPECT_EQ(alice.call(manager("ActivateTarget"), target("work")).error, "");
    EXPECT_THAT(host->asked(), ElementsAre("activate win11 by 2", "reload", "activate work by 1"));
}

TEST_F(PolkitdWithExample, DecidesByDisplay) {
    const auto input_of = [](const char* display) -> BusClient::Append {
        return [display](sd_bus_message* message) {
            sd_bus_message_append(message, "sy", display, 0x60);
        };
    };
    BusClient bob(kBob);
    EXPECT_EQ(bob.call(displays("GetFeature"), input_of("card1-DP-1")).error, "");
    EXPECT_EQ(bob.call(displays("GetFeature"), input_of("card1-DP-2")).error,
              dbus::kErrorInteractionRequired);
    BusClient alice(kAlice);
    EXPECT_EQ(alice.call(displays("GetFeature"), input_of("card1-DP-1")).error,
              dbus::kErrorInteractionRequired);
}

} // namespace
} // namespace spicykvm::test
