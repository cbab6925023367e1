// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/displays_port.h"

#include <string>
#include <utility>
#include <vector>

namespace spicykvm::test {

/// Monitors that answer at once, or are held until finish().
class FakeDisplaysPort final : public core::DisplaysPort {
  public:
    std::vector<core::DisplayStatus> known;
    core::DisplayFeature feature{true, 0x0f, 0x12, "displayport-1"};
    core::DisplayCapabilities declared;
    std::string note;             ///< of a set
    std::optional<Error> failure; ///< what the next requests end with
    std::optional<Error> check_failure;
    std::vector<std::string> asked; ///< "list", "get DP-1 96", "set DP-1 96 17" ...
    std::vector<GetDone> held;
    bool hold = false; ///< gets

    void list(ListDone done) override {
        asked.emplace_back("list");
        done(result(known));
    }
    void get(std::string_view display, std::uint8_t code, GetDone done) override {
        asked.push_back("get " + std::string(display) + " " + std::to_string(code));
        if (hold) {
            held.push_back(std::move(done));
        } else {
            done(result(feature));
        }
    }
    [[nodiscard]] Result<std::uint16_t> check(std::uint8_t, std::string_view) const override {
        return check_failure ? Result<std::uint16_t>(Failure(*check_failure)) : 0x11;
    }
    void set(std::string_view display, std::uint8_t code, std::uint16_t value,
             SetDone done) override {
        asked.push_back("set " + std::string(display) + " " + std::to_string(code) + " " +
                        std::to_string(value));
        done(result(note));
    }
    void capabilities(std::string_view display, CapabilitiesDone done) override {
        asked.push_back("capabilities " + std::string(display));
        done(result(declared));
    }

    std::vector<core::ReturnTrial> trials;
    std::vector<TestDone> tests; ///< held until stop_test(), if `hold`
    void test_return(std::string_view target, std::string_view monitor, Milliseconds away,
                     TestDone done) override {
        asked.push_back("test " + std::string(target) + " " + std::string(monitor) + " " +
                        std::to_string(away.count()));
        if (hold) {
            tests.push_back(std::move(done));
        } else {
            done(result(trials));
        }
    }
    void stop_test() override {
        asked.emplace_back("stop");
        for (const TestDone& done : std::exchange(tests, {})) {
            done(fail(ErrorCode::Cancelled, "stopped"));
        }
    }

  private:
    template <typename Value>
    Result<Value> result(const Value& value) const {
        return failure ? Result<Value>(Failure(*failure)) : value;
    }
};

} // namespace spicykvm::test
