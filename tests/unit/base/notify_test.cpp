// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/fd.h"
#include "base/notify.h"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace spicykvm {
namespace {

/// A service manager's end of sd_notify(3), on an abstract socket that the kernel names.
class Manager {
  public:
    Manager() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(socket_.get(), generic, sizeof address.sun_family), 0);
        socklen_t length = sizeof address;
        EXPECT_EQ(::getsockname(socket_.get(), generic, &length), 0);
        const std::size_t name = length - offsetof(sockaddr_un, sun_path) - 1;
        ::setenv("NOTIFY_SOCKET", ("@" + std::string(address.sun_path + 1, name)).c_str(), 1);
    }
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;
    ~Manager() { ::unsetenv("NOTIFY_SOCKET"); }

    std::string heard() {
        char text[256];
        const auto length = ::recv(socket_.get(), text, sizeof text, 0);
        return length < 0 ? "" : std::string(text, static_cast<std::size_t>(length));
    }

  private:
    Fd socket_;
};

TEST(Notifier, SaysHowTheProcessIs) {
    Manager manager;
    const Notifier notifier;
    notifier.ready();
    EXPECT_EQ(manager.heard(), "READY=1");
    notifier.reloading();
    EXPECT_EQ(manager.heard().substr(0, 27), "RELOADING=1\nMONOTONIC_USEC=");
    notifier.alive();
    EXPECT_EQ(manager.heard(), "WATCHDOG=1");
    notifier.stopping();
    EXPECT_EQ(manager.heard(), "STOPPING=1");
}

TEST(Notifier, CanNotBeMadeToSayMoreByALineBreak) {
    Manager manager;
    Notifier().status("win11: it said\nWATCHDOG=trigger");
    EXPECT_EQ(manager.heard(), "STATUS=win11: it said WATCHDOG=trigger");
}

TEST(Notifier, PingsTwiceAsOftenAsTheWatchdogWants) {
    ::setenv("WATCHDOG_USEC", "10000000", 1);
    ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
    EXPECT_EQ(Notifier().watchdog_interval(), Microseconds(5'000'000));
    ::setenv("WATCHDOG_PID", "1", 1); // for another process
    EXPECT_EQ(Notifier().watchdog_interval(), std::nullopt);
    ::unsetenv("WATCHDOG_PID");
    ::unsetenv("WATCHDOG_USEC");
    EXPECT_EQ(Notifier().watchdog_interval(), std::nullopt);
}

TEST(Notifier, WithoutAManagerSaysNothing) {
    const Notifier notifier;
    notifier.ready();
    notifier.status("alone");
    notifier.alive();
}

} // namespace
} // namespace spicykvm
