// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/keys.h"
#include "unit/config/config_test_tools.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <set>

namespace spicykvm::config {
namespace {

/// Objects for every key to be kept in.
struct Everything {
    Config config;
    TargetConfig target;
    DeviceRule device;
    PasswordKeys password;
    MonitorConfig monitor;
    MonitorSet monitor_set;
    core::AudioSettings audio;
    MonitorReturn monitor_return;

    Field field(const KeySpec& key) {
        return key.field({&config, &target, &device, &password, &monitor, &monitor_set, &audio,
                          &monitor_return});
    }
};

/// A file with `value` for the key.
std::string file_with(const KeySpec& key, const std::string& value) {
    const std::string assignment = std::string(key.name) + " = " + value + "\n";
    const std::string target = "[[target]]\nname = 'a'\nuri = 'spice://h:1'\n";
    if (key.section == "target") {
        return target + assignment;
    }
    if (key.section == "target.monitor") {
        return target + "[[target.monitor]]\n" + assignment;
    }
    if (key.section == "target.monitor.return") {
        const std::string run = key.name == "timeout_ms" ? "run = ['/a'], " : "";
        return target + "[[target.monitor]]\nreturn = { " + run + std::string(key.name) + " = " +
               value + " }\n";
    }
    if (key.section == "target.monitor.set") {
        return target + "[[target.monitor]]\nset = [ { host = 'a', guest = 'b', " +
               std::string(key.name) + " = " + value + " } ]\n";
    }
    if (key.section.starts_with("target.")) {
        return target + "[" + std::string(key.section) + "]\n" + assignment;
    }
    return "[" + std::string(key.section) + "]\n" + assignment;
}

TEST(Keys, AreNamedOnce) {
    std::set<std::pair<std::string_view, std::string_view>> seen;
    for (const KeySpec& key : key_table()) {
        EXPECT_TRUE(seen.emplace(key.section, key.name).second) << key.section << "." << key.name;
        EXPECT_FALSE(key.meaning.empty());
    }
}

TEST(Keys, SayWhatTheyAllow) {
    Everything all;
    for (const KeySpec& key : key_table()) {
        EXPECT_NE(allowed(all.field(key)), "") << key.name;
    }
}

TEST(Keys, WithNumbersTakeBothEndsAndNothingBeyond) {
    Everything all;
    int checked = 0;
    for (const KeySpec& key : key_table()) {
        const Field field = all.field(key);
        std::int64_t least = 0;
        std::int64_t most = 0;
        bool hexadecimal = false;
        if (const auto* number = std::get_if<Number>(&field)) {
            least = number->least;
            most = number->most;
            hexadecimal = number->hexadecimal;
        } else if (const auto* duration = std::get_if<Duration>(&field)) {
            least = duration->least;
            most = duration->most;
        } else {
            continue;
        }
        ++checked;
        for (const std::int64_t good : {least, most}) {
            Draft draft;
            read_text(
                draft, "f",
                file_with(key, hexadecimal ? fmt::format("{:#x}", good) : std::to_string(good)));
            EXPECT_THAT(lines(draft.diagnostics), testing::IsEmpty()) << key.name << good;
        }
        for (const std::string& bad :
             {hexadecimal ? fmt::format("{:#x}", most + 1) : std::to_string(most + 1),
              std::to_string(least - 1), std::to_string(INT64_MAX), std::to_string(INT64_MIN + 1),
              std::string("true"), std::string("'1'"), std::string("[]")}) {
            Draft draft;
            read_text(draft, "f", file_with(key, bad));
            EXPECT_THAT(lines(draft.diagnostics),
                        testing::ElementsAre(
                            testing::HasSubstr(" is not allowed; allowed: " + allowed(field))))
                << key.name << bad;
        }
    }
    EXPECT_GE(checked, 10);
}

TEST(Keys, OfEveryKindRefuseATableOfDates) {
    Everything all;
    for (const KeySpec& key : key_table()) {
        if (key.section != "target" && key.section != "input" && key.section != "daemon" &&
            key.section != "hotkeys" && key.section != "spice") {
            continue;
        }
        Draft draft;
        read_text(draft, "f",
                  key.name == "name" || key.name == "uri"
                      ? "[[target]]\n" + std::string(key.name) + " = 2026-01-01\n"
                      : file_with(key, "2026-01-01"));
        EXPECT_TRUE(draft.diagnostics.has_errors()) << key.name;
    }
}

TEST(Keys, ShowTheirDefaults) {
    const auto shown = [](std::string_view section, std::string_view name) {
        for (const KeySpec* key : keys_of(section)) {
            if (key->name == name) {
                return default_text(*key);
            }
        }
        return std::string("no such key");
    };
    EXPECT_EQ(shown("daemon", "log_level"), "\"info\"");
    EXPECT_EQ(shown("daemon", "when_locked"), "\"deny\"");
    EXPECT_EQ(shown("hotkeys", "tap_ms"), "250");
    EXPECT_EQ(shown("input", "devices"), "\"auto\"");
    EXPECT_EQ(shown("input", "virtual_devices"), "false");
    EXPECT_EQ(shown("input", "seat"), "\"seat0\"");
    EXPECT_EQ(shown("target", "connect"), "\"always\"");
    EXPECT_EQ(shown("target", "max_delta"), "0");
    EXPECT_EQ(shown("target", "horizontal_wheel"), "\"drop\"");
    EXPECT_EQ(shown("target", "uri"), "-");
    EXPECT_EQ(shown("target.monitor", "i2c"), "-");
    EXPECT_EQ(shown("target.monitor", "repeat"), "1");
    EXPECT_EQ(shown("target.monitor.set", "vcp"), "0x60");
}

} // namespace
} // namespace spicykvm::config
