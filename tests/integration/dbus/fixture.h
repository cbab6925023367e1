// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "spicykvm-dbus/names.h"
#include "support/bus_client.h"
#include "support/private_bus.h"
#include "support/service_host.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace spicykvm::test {

inline constexpr const char* kManagerInterface = "org.spicykvm.Manager";
inline constexpr const char* kAudioInterface = "org.spicykvm.Audio";
inline constexpr const char* kDisplaysInterface = "org.spicykvm.Displays";
inline constexpr const char* kTargetInterface = "org.spicykvm.Target";
// Debian's daemon and bin: the bus daemon turns users away that it does not know.
inline constexpr uid_t kAlice = 1;
inline constexpr uid_t kBob = 2;

inline MethodName manager(const char* member) {
    return {dbus::kManagerPath, kManagerInterface, member};
}

inline MethodName audio(const char* member) {
    return {dbus::kManagerPath, kAudioInterface, member};
}

inline MethodName displays(const char* member) {
    return {dbus::kManagerPath, kDisplaysInterface, member};
}

/// The arguments of ActivateTarget without options.
inline BusClient::Append target(const char* name) {
    return [name](sd_bus_message* message) { sd_bus_message_append(message, "sa{sv}", name, 0); };
}

/// A private bus. The tests talk to it as several users, which only root can.
class BusTest : public testing::Test {
  protected:
    void SetUp() override {
        if (::geteuid() != 0) {
            GTEST_SKIP() << "needs root: the clients are of different users";
        }
        bus.emplace();
    }

    std::optional<PrivateBus> bus;
};

} // namespace spicykvm::test
