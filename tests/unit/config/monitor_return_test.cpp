// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/monitor_return.h"
#include "unit/config/config_test_tools.h"

#include <gmock/gmock.h>

namespace spicykvm::config {
namespace {

using testing::HasSubstr;

/// A target whose monitor has this `return`.
std::string monitor_with_return(const std::string& value) {
    return "[[target]]\nname = 'a'\nuri = 'spice://h:1'\n[[target.monitor]]\nreturn = " + value +
           "\n";
}

TEST(MonitorReturn, ReadsTheWaysHomeOfAMonitor) {
    const auto way = [](const std::string& value) {
        Draft draft;
        read_text(draft, "f", monitor_with_return(value));
        EXPECT_FALSE(draft.diagnostics.has_errors()) << value;
        return draft.config.targets.at(0).monitors.at(0).come_home;
    };
    EXPECT_EQ(way("'ddc'"), MonitorReturn());
    MonitorReturn expected;
    expected.by = ReturnBy::ByHand;
    EXPECT_EQ(way("'by-hand'"), expected);
    MonitorReturn cable;
    cable.by = ReturnBy::Cable;
    cable.i2c = 7;
    EXPECT_EQ(way("{ i2c = 7 }"), cable);
    cable.i2c = -1;
    cable.match.connector = "DP-2";
    cable.match.product = "0x77d4";
    EXPECT_EQ(way("{ connector = 'DP-2', product = '0x77d4' }"), cable);
    MonitorReturn hook;
    hook.by = ReturnBy::Hook;
    hook.run = {"/usr/bin/ssh", "", "a b"};
    hook.timeout = Milliseconds{900};
    EXPECT_EQ(way("{ run = ['/usr/bin/ssh', '', 'a b'], timeout_ms = 900 }"), hook);
}

TEST(MonitorReturn, RefusesWaysHomeThatAreNone) {
    for (const char* value :
         {"'usb'", "{}", "7", "['/a']", "{ run = '/a' }", "{ run = [] }", "{ run = ['a'] }",
          "{ run = ['/a', 1] }", "{ run = ['/a', \"\\u0000\"] }", "{ timeout_ms = 900 }",
          "{ run = ['/a'], timeout_ms = 99 }", "{ run = ['/a'], i2c = 7 }",
          "{ i2c = 7, connector = 'DP-1' }", "{ i2c = 256 }", "{ shell = 'a' }"}) {
        const auto texts = said(monitor_with_return(value));
        ASSERT_THAT(texts, testing::SizeIs(1)) << value;
        EXPECT_THAT(texts[0], testing::AllOf(testing::StartsWith("f:5: target.a.monitor.return"),
                                             HasSubstr("allowed: ")))
            << value;
    }
    std::string many = "{ run = ['/a'";
    for (std::size_t i = 1; i < kMaxWords; ++i) {
        many += ", 'x'";
    }
    EXPECT_THAT(said(monitor_with_return(many + "] }")), testing::IsEmpty());
    EXPECT_THAT(said(monitor_with_return(many + ", 'x'] }")), testing::SizeIs(1));
}

} // namespace
} // namespace spicykvm::config
