// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/audio_report.h"
#include "ctl/bus_values.h"
#include "ctl/json.h"
#include "unit/ctl/fake_daemon.h"

#include <gmock/gmock.h>

namespace spicykvm::ctl {
namespace {

using sdbus::Variant;
using testing::HasSubstr;
using Lateness = std::map<std::string, std::vector<std::uint32_t>>;

Dict playing() {
    return {{"target", Variant(std::string("win11"))},
            {"kind", Variant(std::string("playback"))},
            {"when", Variant(std::string("always"))},
            {"open", Variant(true)},
            {"state", Variant(std::string("running"))},
            {"hint", Variant(std::string("timer-period=2000 would save 7 ms"))},
            {"latency_us", Variant(std::uint32_t{14200})},
            {"latency_target_us", Variant(std::uint32_t{15100})},
            {"drift_ppm", Variant(-3.25)},
            {"underruns", Variant(std::uint64_t{1})},
            {"skips", Variant(std::uint64_t{0})},
            {"lateness_us", Variant(Lateness{{"vm", {4000, 9900, 12000, 31000}}})}};
}

Dict unopened() {
    return {{"target", Variant(std::string("win11"))},
            {"kind", Variant(std::string("record"))},
            {"when", Variant(std::string("active"))},
            {"open", Variant(false)}};
}

std::vector<AudioStream> streams() {
    return to_status({{"audio", Variant(std::vector<Dict>{playing(), unopened()})}}).audio;
}

TEST(AudioReport, ShowsWhatIsHeardAndHowLate) {
    FakeEnvironment fake;
    print_audio(fake.environment, streams());
    EXPECT_EQ(fake.out.str(),
              "\n"
              "SOUND  KIND      WHEN    STATE    LATENCY             DRIFT     UNDERRUNS  SKIPS  "
              "NOTE\n"
              "win11  playback  always  running  14.2 ms of 15.1 ms  -3.2 ppm  1          0      "
              "timer-period=2000 would save 7 ms\n"
              "win11  record    active  -        -                   -         -          -      "
              "nobody plays it: is spicykvm-session running?\n"
              "\n"
              "LATE   BY  HALF    99%     99.9%    AT MOST\n"
              "win11  vm  4.0 ms  9.9 ms  12.0 ms  31.0 ms\n");
}

TEST(AudioReport, SaysNothingWithoutChannels) {
    FakeEnvironment fake;
    print_audio(fake.environment, {});
    EXPECT_EQ(fake.out.str(), "");
}

TEST(AudioReport, PutsAProblemBeforeAHint) {
    FakeEnvironment fake;
    auto list = streams();
    list[0].problem = "no\x1b device";
    print_audio(fake.environment, list);
    EXPECT_THAT(fake.out.str(), HasSubstr("no  device\n"));
}

TEST(AudioReport, HasAStableJsonForm) {
    Status status;
    status.audio = streams();
    EXPECT_THAT(
        to_json(status),
        HasSubstr(
            R"("audio":[{"target":"win11","kind":"playback","when":"always","open":true,)"
            R"("state":"running","problem":null,"hint":"timer-period=2000 would save 7 ms",)"
            R"("node":null,"latency_target_us":15100,"latency_us":14200,"quantum":null,)"
            R"("tick_us":null,"drift_ppm":-3.25,"lateness_us":{"vm":[4000,9900,12000,31000]},)"
            R"("underruns":1,"skips":0,"silence_ms":null},{"target":"win11","kind":"record",)"));
}

} // namespace
} // namespace spicykvm::ctl
