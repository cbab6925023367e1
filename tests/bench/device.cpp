// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/device.h"

#include "bench/devices.h"

#include <array>
#include <ctime>
#include <linux/input.h>
#include <time.h>

namespace spicykvm::bench {

namespace {

void sleep_until(TimePoint time) noexcept {
    using namespace std::chrono;
    const auto whole = duration_cast<nanoseconds>(time.time_since_epoch());
    const auto s = duration_cast<seconds>(whole);
    const timespec deadline{static_cast<time_t>(s.count()), static_cast<long>((whole - s).count())};
    ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr);
}

} // namespace

void Device::key(std::uint16_t code, bool down) {
    const std::array<Change, 1> changes{{{EV_KEY, code, down ? 1 : 0}}};
    emit(changes);
}

void Device::tap(std::uint16_t code) {
    key(code, true);
    key(code, false);
}

void Device::move(std::int32_t dx, std::int32_t dy) {
    const std::array<Change, 2> changes{{{EV_REL, REL_X, dx}, {EV_REL, REL_Y, dy}}};
    emit(changes);
}

std::unique_ptr<Device> make_device(DeviceKind kind) {
    if (kind == DeviceKind::Uinput) {
        return std::make_unique<UinputDevice>();
    }
    return std::make_unique<PipeDevice>();
}

void inject(Device& device, Stream stream, unsigned per_second, std::span<TimePoint> sent) {
    const auto period = std::chrono::nanoseconds(std::chrono::seconds(1)) / per_second;
    TimePoint due = Clock::now();
    bool down = false;
    std::int32_t number = 0;
    for (TimePoint& time : sent) {
        sleep_until(due);
        due += period;
        time = Clock::now();
        if (stream == Stream::Motion) {
            device.move(1, number++);
        } else {
            down = !down;
            device.key(KEY_A, down);
        }
    }
}

} // namespace spicykvm::bench
