// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/command.h"
#include "ctl/exit_code.h"
#include "unit/ctl/fake_daemon.h"

#include <gmock/gmock.h>

namespace spicykvm::ctl {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class DoctorVerb : public testing::Test {
  protected:
    DoctorVerb() {
        fake_.script.status = sample_status();
        fake_.script.devices = sample_devices();
        fake_.environment.machine = {
            .daemon_unit =
                [] { return diagnosis::UnitState{.load = "loaded", .active = "active"}; },
            .session_unit =
                [] { return diagnosis::UnitState{.load = "loaded", .active = "active"}; },
            .has_daemon = [this](bool) { return has_daemon_; },
            .bus_policy = [] { return diagnosis::BusPolicyFacts{}; },
            .missing_accounts = [] { return std::vector<std::string>{}; },
            .polkit_actions =
                [] { return std::vector<std::string>{"org.spicykvm.Manager.activate"}; },
            .has_i2c_dev = [] { return true; },
            .grabber_units = [] { return std::vector<std::string>{}; },
            .holders_of =
                [this](const std::string& node) {
                    looked_at_.push_back(node);
                    return holders_;
                },
            .is_root = [this] { return is_root_; },
        };
    }
    int run(const std::vector<std::string>& words) {
        const auto command = std::get<Command>(parse_command(words, std::nullopt));
        return command.verb->run(command.arguments, fake_.environment);
    }

    FakeEnvironment fake_;
    bool has_daemon_ = true;
    bool is_root_ = false;
    std::vector<diagnosis::Holder> holders_;
    std::vector<std::string> looked_at_;
};

TEST_F(DoctorVerb, PrintsALineForEachCheck) {
    EXPECT_EQ(run({"doctor"}), kOk);
    EXPECT_THAT(fake_.out.str(), StartsWith("ok  service   spicykvmd.service is active\n"));
    EXPECT_THAT(fake_.out.str(), HasSubstr("ok  devices   keyboards: 1, mice: 0\n"));
    EXPECT_EQ(fake_.err.str(), "");
    EXPECT_THAT(looked_at_, IsEmpty()) << "only root sees what others have open";
}

TEST_F(DoctorVerb, EndsWithItsCodeWhenSomethingIsWrong) {
    fake_.script.devices = std::vector<Device>{};
    EXPECT_EQ(run({"doctor"}), kUnwell);
    EXPECT_THAT(fake_.out.str(), HasSubstr("wrong  devices   no keyboard is used"));
}

TEST_F(DoctorVerb, PrintsJson) {
    fake_.script.devices = std::vector<Device>{};
    EXPECT_EQ(run({"doctor", "--json"}), kUnwell);
    EXPECT_THAT(fake_.out.str(), StartsWith("[{\"check\":\"service\",\"verdict\":\"ok\","
                                            "\"text\":\"spicykvmd.service is active\"},"));
    EXPECT_THAT(fake_.out.str(), HasSubstr("{\"check\":\"devices\",\"verdict\":\"wrong\","));
}

TEST_F(DoctorVerb, DoesNotStartADaemonThatIsNotThere) {
    has_daemon_ = false;
    EXPECT_EQ(run({"doctor"}), kUnwell);
    EXPECT_THAT(fake_.script.calls, IsEmpty());
    EXPECT_THAT(fake_.out.str(), HasSubstr("unknown  targets"));
}

TEST_F(DoctorVerb, LooksAsRootWhoElseHasTheKeyboards) {
    is_root_ = true;
    holders_ = {{90, "gnome-shell"}, {99, "my-remapper"}};
    EXPECT_EQ(run({"doctor"}), kOk) << "a program that only reads is no harm";
    EXPECT_THAT(looked_at_, ElementsAre("/dev/input/event3"));
    fake_.script.status->last_error = "no keyboard could be grabbed: Device or resource busy";
    EXPECT_EQ(run({"doctor"}), kUnwell);
    EXPECT_THAT(fake_.out.str(), HasSubstr("is open in my-remapper (pid 99), too"));
    fake_.script.status->last_error.clear();
    holders_ = {{812, "keyd"}};
    EXPECT_EQ(run({"doctor"}), kUnwell);
    EXPECT_THAT(fake_.out.str(), HasSubstr("is open in keyd (pid 812), too"));
}

} // namespace
} // namespace spicykvm::ctl
