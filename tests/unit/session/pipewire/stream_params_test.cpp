// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/pipewire/stream_params.h"

#include <gtest/gtest.h>
#include <memory>
#include <spa/param/audio/format-utils.h>
#include <spa/param/latency-utils.h>
#include <string>

namespace spicykvm::session {

namespace {

using namespace std::chrono_literals;

struct FreeProperties {
    void operator()(pw_properties* properties) const { pw_properties_free(properties); }
};
using PropertiesPtr = std::unique_ptr<pw_properties, FreeProperties>;

std::string value(const PropertiesPtr& properties, const char* key) {
    const char* found = pw_properties_get(properties.get(), key);
    return found != nullptr ? found : "(none)";
}

const StreamSettings kSettings{"spicykvm.win11.playback", "win11", "win11 (spicykvm)", "", 256};

TEST(StreamParams, ThePropertiesNameTheStreamForPeopleAndForTheSessionManager) {
    const PropertiesPtr properties(properties_of(kSettings, SPA_DIRECTION_OUTPUT));
    EXPECT_EQ(value(properties, PW_KEY_MEDIA_TYPE), "Audio");
    EXPECT_EQ(value(properties, PW_KEY_MEDIA_CATEGORY), "Playback");
    EXPECT_EQ(value(properties, PW_KEY_NODE_NAME), "spicykvm.win11.playback");
    EXPECT_EQ(value(properties, PW_KEY_APP_NAME), "win11");
    EXPECT_EQ(value(properties, PW_KEY_NODE_DESCRIPTION), "win11 (spicykvm)");
    EXPECT_EQ(value(properties, PW_KEY_NODE_LATENCY), "256/48000");
}

TEST(StreamParams, WithoutARoleAndADeviceTheUserDecides) {
    const PropertiesPtr properties(properties_of(kSettings, SPA_DIRECTION_INPUT));
    EXPECT_EQ(value(properties, PW_KEY_MEDIA_CATEGORY), "Capture");
    EXPECT_EQ(value(properties, PW_KEY_MEDIA_ROLE), "(none)");
    EXPECT_EQ(value(properties, PW_KEY_TARGET_OBJECT), "(none)");
}

TEST(StreamParams, AConfiguredDeviceIsTheTarget) {
    StreamSettings settings = kSettings;
    settings.device = "alsa_output.usb-headset";
    settings.quantum = 64;
    const PropertiesPtr properties(properties_of(settings, SPA_DIRECTION_OUTPUT));
    EXPECT_EQ(value(properties, PW_KEY_TARGET_OBJECT), "alsa_output.usb-headset");
    EXPECT_EQ(value(properties, PW_KEY_NODE_LATENCY), "64/48000");
}

TEST(StreamParams, TheFormatIsStereoFloatAt48kHz) {
    const ConnectParams params(24ms);
    const auto list = params.list();
    spa_audio_info_raw info{};
    ASSERT_GE(spa_format_audio_raw_parse(list[0], &info), 0);
    EXPECT_EQ(info.format, SPA_AUDIO_FORMAT_F32);
    EXPECT_EQ(info.rate, 48000U);
    ASSERT_EQ(info.channels, 2U);
    EXPECT_EQ(info.position[0], static_cast<std::uint32_t>(SPA_AUDIO_CHANNEL_FL));
    EXPECT_EQ(info.position[1], static_cast<std::uint32_t>(SPA_AUDIO_CHANNEL_FR));
}

TEST(StreamParams, TheLatencyIsInNanoseconds) {
    const ConnectParams params(24ms);
    spa_process_latency_info info{};
    ASSERT_GE(spa_process_latency_parse(params.list()[1], &info), 0);
    EXPECT_EQ(static_cast<std::int64_t>(info.ns), 24'000'000);
    EXPECT_EQ(info.quantum, 0);
    EXPECT_EQ(static_cast<std::int64_t>(info.rate), 0);
}

} // namespace

} // namespace spicykvm::session
