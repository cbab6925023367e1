// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"

#include <cstdint>
#include <mutex>
#include <string>
#include <systemd/sd-bus.h>
#include <thread>
#include <vector>

namespace spicykvm::test {

/// systemd's manager on the private bus, with spicykvmd's unit in the state that the test chooses.
class FakeSystemd {
  public:
    struct Unit {
        std::string load = "loaded";
        std::string active = "inactive";
        std::string sub = "dead";
        std::string result = "success";
        std::string status_text{};
        std::int32_t exit_code = 0; ///< CLD_EXITED and the like
        std::int32_t exit_status = 0;
    };

    FakeSystemd();
    FakeSystemd(const FakeSystemd&) = delete;
    FakeSystemd& operator=(const FakeSystemd&) = delete;
    ~FakeSystemd();

    void set_unit(const Unit& unit);
    /// What ListUnitsByPatterns() gives to every question.
    void set_running(const std::vector<std::string>& units);
    /// The patterns of the last question.
    [[nodiscard]] std::vector<std::string> patterns();

  private:
    static int on_property(sd_bus* bus, const char* path, const char* interface, const char* name,
                           sd_bus_message* reply, void* userdata, sd_bus_error* error);
    static int on_list(sd_bus_message* message, void* userdata, sd_bus_error* error);

    std::mutex mutex_; // guards what follows, up to the loop
    Unit unit_;
    std::vector<std::string> running_;
    std::vector<std::string> patterns_;

    EventLoop loop_; // its thread owns what follows
    sd_bus* bus_ = nullptr;
    std::thread thread_;
};

} // namespace spicykvm::test
