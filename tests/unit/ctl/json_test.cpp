// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/json.h"
#include "unit/ctl/fake_daemon.h"

#include <gtest/gtest.h>

namespace spicykvm::ctl {
namespace {

// Word for word: scripts depend on it, and docs/spicykvmctl.md describes it.

constexpr const char* kTarget =
    R"({"name":"win11","uri":"spice+unix:///run/win11.sock","connection":"connected",)"
    R"("vm_name":"Windows 11","vm_uuid":"c7a5fdbd-edaf-9455-926a-d65c16db1809",)"
    R"_("last_error":null,"hotkey":"tap(scrolllock)","insecure":false,)_"
    R"("path":"/org/spicykvm/target/win11"})";

TEST(Json, OfTheStatusIsStable) {
    EXPECT_EQ(
        to_json(sample_status()),
        R"({"version":"0.1.0","state":"active","active_target":"win11",)"
        R"("default_target":"win11","since_monotonic_us":877000000,"activator_uid":1000,)"
        R"("last_error":null,"blocked":null,"warnings":["no keyboard"],"keyboards_grabbed":1,)"
        R"("pointers_grabbed":2,"targets":[)" +
            std::string(kTarget) + R"(],"audio":[],"metrics":{"activations":3,"keys_sent":42}})");
}

TEST(Json, OfAnEmptyStatusHasEveryField) {
    EXPECT_EQ(
        to_json(Status{}),
        R"({"version":"","state":"","active_target":null,"default_target":null,)"
        R"("since_monotonic_us":0,"activator_uid":null,"last_error":null,"blocked":null,"warnings":[],)"
        R"("keyboards_grabbed":0,"pointers_grabbed":0,"targets":[],"audio":[],"metrics":{}})");
}

TEST(Json, OfTargetsAndDevicesIsStable) {
    EXPECT_EQ(to_json(std::vector<Target>{sample_target()}), "[" + std::string(kTarget) + "]");
    EXPECT_EQ(to_json(sample_devices()),
              R"([{"node":"/dev/input/event3","name":"Keychron K2","id":"05ac:024f",)"
              R"("phys":"usb-1/input0","keyboard":true,"pointer":false,"used":true,)"
              R"("grabbed":true,"note":null},{"node":"/dev/input/event0","name":"Power Button",)"
              R"("id":"0000:0001","phys":null,"keyboard":false,"pointer":false,"used":false,)"
              R"("grabbed":false,"note":"no key of a hotkey"}])");
    EXPECT_EQ(to_json(std::vector<Target>{}), "[]");
    EXPECT_EQ(to_json(std::vector<Device>{}), "[]");
}

TEST(Json, OfDisplaysIsStable) {
    EXPECT_EQ(to_json(sample_displays()),
              R"([{"connector":"card1-DP-1","monitor":"DEL 0x41b5 \"DELL U2720Q\"","bus":5,)"
              R"("ddc":true,"input":17,"input_name":"hdmi-1","note":null,"configured":[]},)"
              R"({"connector":null,"monitor":"GSM 0x5b08 \"LG\"","bus":6,"ddc":false,)"
              R"("input":null,"input_name":null,"note":"i2c-6: the monitor does not answer",)"
              R"("configured":[]},)"
              R"({"connector":"card1-DP-2","monitor":null,"bus":null,"ddc":false,"input":null,)"
              R"("input_name":null,"note":"no monitor is seen here","configured":[]}])");
    EXPECT_EQ(to_json(std::vector{sample_configured_displays().back()}),
              R"([{"connector":null,"monitor":null,"bus":null,"ddc":false,"input":null,)"
              R"("input_name":null,"note":null,"configured":[{"target":"win11","name":"right",)"
              R"("host":"hdmi-1","guest":"hdmi-2","way_home":"by-hand","home_by":null,)"
              R"("note":"no such monitor is connected"}]}])");
    EXPECT_EQ(to_json(std::vector<Display>{}), "[]");
}

TEST(Json, OfEventsIsStable) {
    EXPECT_EQ(to_json(Event{DaemonEvent{true}}), R"({"event":"daemon","running":true})");
    EXPECT_EQ(to_json(Event{StateEvent{"activating", "win11", "lost"}}),
              R"({"event":"state","state":"activating","active_target":"win11",)"
              R"("last_error":"lost"})");
    EXPECT_EQ(to_json(Event{TargetEvent{sample_target()}}),
              R"({"event":"target",)" + std::string(kTarget).substr(1));
    EXPECT_EQ(to_json(Event{TargetGoneEvent{"win11"}}),
              R"({"event":"target-gone","name":"win11"})");
    EXPECT_EQ(to_json(Event{SwitchEvent{
                  "win11", "activated", {{"connect", "ok", ""}, {"input", "retried", "EBUSY"}}}}),
              R"({"event":"switch","target":"win11","reason":"activated","steps":[)"
              R"({"step":"connect","outcome":"ok","reason":null},)"
              R"({"step":"input","outcome":"retried","reason":"EBUSY"}]})");
}

TEST(Json, SurvivesTextThatIsNoUtf8) {
    Status status;
    status.last_error = "a\xff\"\n";
    EXPECT_NE(to_json(status).find("\"last_error\":\"a\xef\xbf\xbd\\\"\\n\""), std::string::npos);
}

} // namespace
} // namespace spicykvm::ctl
