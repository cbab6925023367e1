// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/fd.h"
#include "diagnosis/grabbers.h"
#include "support/temp_folder.h"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

namespace spicykvm::diagnosis {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A process in a faked /proc.
void add_process(const std::string& proc, const std::string& pid, const std::string& name,
                 const std::vector<std::string>& open) {
    const std::filesystem::path folder = std::filesystem::path(proc) / pid;
    std::filesystem::create_directories(folder / "fd");
    std::ofstream(folder / "comm") << name << '\n';
    int number = 3;
    for (const std::string& path : open) {
        std::filesystem::create_symlink(path, folder / "fd" / std::to_string(number++));
    }
}

TEST(Grabbers, AreThoseThatHaveTheNodeOpen) {
    const test::TempFolder proc;
    add_process(proc.path().string(), "812", "keyd", {"/dev/null", "/dev/input/event3"});
    add_process(proc.path().string(), "90", "gnome-shell", {"/dev/input/event3"});
    add_process(proc.path().string(), "91", "other", {"/dev/input/event30"});
    add_process(proc.path().string(), "sys", "no process", {"/dev/input/event3"});
    std::filesystem::create_directories(proc.path().string() + "/13"); // has just ended
    EXPECT_THAT(holders_of("/dev/input/event3", proc.path().string()),
                ElementsAre(Holder{90, "gnome-shell"}, Holder{812, "keyd"}));
    EXPECT_THAT(holders_of("/dev/input/event4", proc.path().string()), IsEmpty());
    EXPECT_THAT(holders_of("/dev/input/event3", "/nonexistent"), IsEmpty());
}

TEST(Grabbers, AreFoundAmongRealProcesses) {
    const test::TempFolder folder;
    const std::string node = folder.path().string() + "/event3";
    const Fd mine(::open(node.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_TRUE(mine.valid());
    EXPECT_THAT(holders_of(node), IsEmpty()) << "this process is no stranger";
    const pid_t child = ::fork();
    if (child == 0) {
        ::pause(); // with what it has inherited
        ::_exit(0);
    }
    const auto holders = holders_of(node);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ASSERT_EQ(holders.size(), 1U);
    EXPECT_EQ(holders[0].pid, child);
    EXPECT_EQ(holders[0].name, "diagnosis_test");
}

TEST(Grabbers, WhoIsKnownToGrabIsSuspectedFirst) {
    const Holder keyd{1, "keyd"};
    const Holder logind{2, "systemd-logind"};
    const Holder mine{3, "my-remapper"};
    EXPECT_THAT(suspects({keyd, logind, mine}), ElementsAre(keyd));
    EXPECT_THAT(suspects({logind, mine}), ElementsAre(mine));
    EXPECT_THAT(known_grabbers({keyd, logind, mine}), ElementsAre(keyd));
    EXPECT_THAT(known_grabbers({logind, mine}), IsEmpty());
    EXPECT_THAT(suspects({logind}), IsEmpty());
    const Holder qemu{4, "qemu-system-x86"};
    EXPECT_THAT(suspects({logind, qemu}), ElementsAre(qemu));
}

TEST(Grabbers, AreNamedWithWhatToDo) {
    EXPECT_EQ(
        name_grabbers({"keyd.service"}),
        "keyd.service runs and grabs keyboards: systemctl stop keyd.service, or give it other "
        "devices");
    EXPECT_EQ(name_grabbers({"keyd.service", "xremap.service"}),
              "keyd.service xremap.service run and grab keyboards: systemctl stop keyd.service "
              "xremap.service, or give it other devices");
    EXPECT_EQ(name_grabbers({}), "spicykvmctl doctor, as root, names it");
    EXPECT_EQ(name_holders({{812, "keyd"}, {13, "kanata"}}), "keyd (pid 812), kanata (pid 13)");
}

} // namespace
} // namespace spicykvm::diagnosis
