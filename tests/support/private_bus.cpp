// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/private_bus.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace spicykvm::test {

namespace {

[[noreturn]] void throw_errno(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// The policy of system.conf, plus what `settings` let the test's own user do.
std::string bus_config(const std::string& socket, const PrivateBusSettings& settings) {
    std::string own;
    if (!settings.may_own_nothing) {
        own = "<policy user=\"" + std::to_string(::geteuid()) + "\">";
        for (const auto& name : settings.may_own) {
            own += "<allow own=\"" + name + "\"/>";
        }
        own += settings.may_own.empty() ? "<allow own=\"*\"/></policy>" : "</policy>";
    }
    return R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=)" +
           socket + R"(</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <deny own="*"/>
    <deny send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus"/>
    <allow send_destination="org.freedesktop.DBus"
           send_interface="org.freedesktop.DBus.Introspectable"/>
    <allow send_destination="org.freedesktop.DBus"
           send_interface="org.freedesktop.DBus.Properties"/>
    <allow send_destination="org.freedesktop.PolicyKit1"/>
    <allow send_destination="org.freedesktop.ScreenSaver"/>
    <allow send_destination="org.freedesktop.login1"/>
    <allow send_destination="org.freedesktop.systemd1"/>
  </policy>
  )" + own +
           R"(
  <include ignore_missing="yes">/usr/share/dbus-1/system.d/org.freedesktop.PolicyKit1.conf</include>
  <include>)" SPICYKVM_BUS_POLICY R"(</include>
</busconfig>
)";
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string read_line(int fd) {
    std::string line;
    char letter = 0;
    while (::read(fd, &letter, 1) == 1 && letter != '\n') {
        line += letter;
    }
    return line;
}

} // namespace

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "spicykvm-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw_errno("mkdtemp");
    }
    path_ = name;
    std::filesystem::permissions(path_, std::filesystem::perms(0755));
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path TemporaryFolder::write(const std::filesystem::path& name,
                                             const std::string& text) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    return file;
}

PrivateBus::PrivateBus(const PrivateBusSettings& settings) {
    const auto config =
        folder_.write("bus.conf", bus_config((folder_.path() / "socket").string(), settings));
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        throw_errno("pipe2");
    }
    auto command = settings.launcher;
    for (const auto& argument :
         {std::string("dbus-daemon"), "--config-file=" + config.string(), std::string("--nofork"),
          std::string("--nopidfile"), "--print-address=" + std::to_string(ends[1])}) {
        command.push_back(argument);
    }
    const auto log = folder_.path() / "bus.log";
    daemon_ = ChildProcess(command, log, ends[1]);
    ::close(ends[1]);
    address_ = read_line(ends[0]);
    ::close(ends[0]);
    if (address_.empty()) {
        throw std::runtime_error("dbus-daemon did not start: " + read_file(log));
    }
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", address_.c_str(), 1);
    ::setenv("DBUS_SESSION_BUS_ADDRESS", address_.c_str(), 1);
}

PrivateBus::~PrivateBus() {
    ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS");
    ::unsetenv("DBUS_SESSION_BUS_ADDRESS");
}

} // namespace spicykvm::test
