// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What runs on a device's real-time thread allocates nothing and makes no system call.
#include "allocations.h"
#include "session/audio/playback.h"
#include "session/audio/record.h"

#include <array>
#include <gtest/gtest.h>
#include <memory>
#include <vector>

#ifndef SPICYKVM_SANITIZED
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace spicykvm::audio {

namespace {

/// Both devices, with everything that can happen to them: packets, gaps, skips, volumes, stops.
struct Rig {
    void cycle(int i) {
        const TimePoint now = begin + duration_of(256 * Frames{i});
        shared.guest.set({static_cast<float>(i % 7) / 7, 1});
        if (i % 400 < 390) {
            source.on_data(now, 0, payload);
        }
        if (i % 1000 == 0) {
            source.on_start({2, 1, 48000, 0});
        }
        sink.pull({now, 256 * Frames{i} + (i % 300 == 0 ? 4096 : 0), 48000, 256}, output);
        capture.push({now, 256 * Frames{i}, 48000, 256}, output);
    }
    TimePoint begin{std::chrono::hours(1)};
    PlaybackShared shared;
    PlaybackSource source{shared, {}, VolumeLaw::Hda};
    PlaybackSink sink{shared};
    RecordShared record;
    RecordCapture capture{record};
    std::array<std::uint8_t, 1024> payload{1, 2, 3, 4};
    std::array<float, 512> output{};
};

TEST(HotPath, AllocatesNothing) {
    const auto rig = std::make_unique<Rig>();
    const std::size_t before = test::allocations();
    for (int i = 0; i < 5000; ++i) {
        rig->cycle(i);
    }
    EXPECT_EQ(test::allocations() - before, 0U);
    const auto counted = std::make_unique<Rig>();
    EXPECT_GT(test::allocations(), before) << "the counting works";
    EXPECT_GT(rig->sink.playout().counters().starved + rig->sink.playout().counters().skips, 0U)
        << "the other ways were taken, too";
}

#ifndef SPICYKVM_SANITIZED

/// In strict mode the kernel kills a process at any system call but read, write and exit.
bool survives_without_system_calls(void (*work)(Rig&)) {
    const auto rig = std::make_unique<Rig>();
    for (int i = 0; i < 100; ++i) {
        rig->cycle(i); // lazy binding and the first page faults
    }
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
        work(*rig);
        ::syscall(SYS_exit, 0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(HotPath, MakesNoSystemCall) {
    EXPECT_TRUE(survives_without_system_calls([](Rig& rig) {
        for (int i = 100; i < 5000; ++i) {
            rig.cycle(i);
        }
    }));
    EXPECT_FALSE(survives_without_system_calls([](Rig&) { ::syscall(SYS_getpid); }))
        << "one would be noticed";
}

#endif

} // namespace

} // namespace spicykvm::audio
