// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What a process can still do after it has confined itself as spicykvm-ddc does. Each test is a
// child of its own, since there is no way back.
#include "ddc/helper/confine.h"
#include "integration/ddc/ddc_rig.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <functional>
#include <gtest/gtest.h>
#include <linux/i2c-dev.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace spicykvm::test {
namespace {

struct Attempt {
    const char* name;
    int wanted; ///< errno, or 0
    std::function<long()> call;
};

int outcome(const std::function<long()>& call) {
    errno = 0;
    return call() >= 0 ? 0 : errno;
}

/// In a child: `confine`, then each attempt. Returns how many surprised; which ones is on stderr.
int surprises(const std::function<Result<void>()>& confine, const std::vector<Attempt>& attempts) {
    const pid_t child = ::fork();
    if (child == 0) {
        const auto confined = confine();
        int count = confined ? 0 : 100;
        if (!confined) {
            std::fprintf(stderr, "%s\n", confined.error().message.c_str());
        }
        for (const Attempt& attempt : attempts) {
            const int got = outcome(attempt.call);
            if (got != attempt.wanted) {
                std::fprintf(stderr, "%s: errno %d instead of %d\n", attempt.name, got,
                             attempt.wanted);
                ++count;
            }
        }
        ::_exit(count);
    }
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::function<long()> opening(const std::filesystem::path& path, int flags) {
    return [path, flags] { return ::open(path.c_str(), flags | O_CLOEXEC, 0600); };
}

TEST(Confine, LeavesNoWayToOthers) {
    DdcRig rig;
    rig.become(5, "");
    const std::string node = rig.node(5);
    const auto on_node = [node](unsigned long request) {
        return [node, request] {
            const Fd fd(::open(node.c_str(), O_RDWR | O_CLOEXEC));
            int value = 0;
            return ::ioctl(fd.get(), request, &value);
        };
    };
    EXPECT_EQ(
        surprises(
            ddc::confine,
            {
                {"socket inet", EPERM, [] { return ::socket(AF_INET, SOCK_STREAM, 0); }},
                {"socket unix", EPERM, [] { return ::socket(AF_UNIX, SOCK_STREAM, 0); }},
                {"socket netlink", EPERM, [] { return ::socket(AF_NETLINK, SOCK_RAW, 0); }},
                {"io_uring_setup", EPERM, [] { return ::syscall(SYS_io_uring_setup, 1, nullptr); }},
                {"execve", EPERM,
                 [] {
                     char* const none[] = {nullptr};
                     return ::execve("/bin/true", none, none);
                 }},
                {"kill", EPERM, [] { return ::kill(::getppid(), 0); }},
                {"an ioctl of terminals", EPERM, on_node(FIONREAD)},
                {"an ioctl of I2C, for the node to refuse", ENOTTY, on_node(I2C_SLAVE)},
                {"a file", 0, opening(node, O_RDWR)},
            }),
        0);
}

TEST(Confine, LeavesNoFilesButTheBusesAndSysfs) {
    DdcRig rig;
    rig.add_monitor(5);
    rig.become(6, "");
    const auto restrict = [&] {
        return ddc::confine().and_then([&] { // which closes what is open
            const Fd node(::open(rig.node(5).c_str(), O_PATH | O_CLOEXEC));
            return ddc::restrict_files(rig.tree.root(), {node.get()});
        });
    };
    if (!has_landlock()) {
        // A kernel without Landlock: it is said, and everything else works.
        EXPECT_EQ(surprises(restrict, {{"a bus", 0, opening(rig.node(6), O_RDWR)}}), 100);
        return;
    }
    const std::filesystem::path root = rig.tree.root();
    EXPECT_EQ(surprises(restrict,
                        {
                            {"its bus", 0, opening(rig.node(5), O_RDWR)},
                            {"another bus", EACCES, opening(rig.node(6), O_RDWR)},
                            {"a folder of sysfs", 0, opening(root / "class/drm", O_DIRECTORY)},
                            {"a file of sysfs", 0, opening(root / "class/drm/card1-DP-5/edid", 0)},
                            {"writing to sysfs", EACCES,
                             opening(root / "class/drm/card1-DP-5/edid", O_WRONLY)},
                            {"/etc/passwd", EACCES, opening("/etc/passwd", O_RDONLY)},
                            {"/dev/null", EACCES, opening("/dev/null", O_RDWR)},
                            {"a new file", EACCES, opening(rig.dev() / "new", O_CREAT | O_WRONLY)},
                            {"a folder", EACCES, opening("/dev", O_DIRECTORY)},
                        }),
              0);
}

} // namespace
} // namespace spicykvm::test
