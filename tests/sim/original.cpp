// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/original.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace spicykvm::sim {

namespace {

constexpr double kBandwidthHz = 0.05;
constexpr double kProportional = 0.5e-6;
constexpr double kIntegral = 1e-16;
constexpr double kJump = 0.2; ///< s
constexpr double kReserveFrames = 576;
constexpr double kPacket = 480;
constexpr double kRate = 48000;

double in_seconds(TimePoint time) {
    return audio::seconds(time.time_since_epoch());
}

} // namespace

void OriginalPlayer::Loop::tune(double period_s) noexcept {
    const double w = 2 * std::numbers::pi * kBandwidthHz * period_s;
    b = std::numbers::sqrt2 * w;
    c = w * w;
}

void OriginalPlayer::receive(const Message& message) {
    if (message.kind == Message::Kind::Data) {
        on_packet(in_seconds(message.time));
    }
}

double OriginalPlayer::device_position(double now) const noexcept {
    const double begin = device_next_ - device_period_;
    return device_read_ + (now - begin) / device_period_ * (read_ - device_read_);
}

void OriginalPlayer::on_packet(double now) {
    double time = now;
    if (!source_runs_ || std::abs(now - source_next_) >= kJump) {
        if (source_runs_ && device_runs_) {
            // The ring's writing end goes where it should be.
            written_ = device_position(now) + 1.1 * max_period_ + kReserveFrames;
        }
        source_runs_ = true;
        source_period_ = kPacket / kRate;
        source_loop_.tune(source_period_);
        source_next_ = now + source_period_;
        offset_error_ = offset_rate_ = 0;
    } else {
        const double error = now - source_next_;
        time = source_next_;
        source_next_ += source_loop_.b * error + source_period_;
        source_period_ += source_loop_.c * error;
    }
    if (device_runs_) {
        const double target = 1.1 * max_period_ + kReserveFrames;
        const double error = target - (written_ - device_position(time)) - offset_error_;
        offset_error_ += source_loop_.b * error + offset_rate_;
        offset_rate_ += source_loop_.c * error;
        integral_ += offset_error_ * source_period_;
        ratio_ = 1 + kProportional * offset_error_ + kIntegral * integral_;
    }
    written_ += kPacket * ratio_;
    sent_ += kPacket;
}

Outcome OriginalPlayer::pull(const audio::Pull& pull) {
    const double now = in_seconds(pull.now);
    const auto frames = static_cast<double>(pull.frames);
    max_period_ = std::max(max_period_, frames);
    if (!playing_) {
        playing_ = written_ >= 2 * kPacket + 2 * frames;
        if (!playing_) {
            return {};
        }
    }
    if (!device_runs_ || std::abs(now - device_next_) >= kJump) {
        device_runs_ = true;
        device_period_ = frames / kRate;
        device_loop_.tune(device_period_);
        device_next_ = now + device_period_;
    } else {
        const double error = now - device_next_;
        device_next_ += device_loop_.b * error + device_period_;
        device_period_ += device_loop_.c * error;
    }
    device_read_ = read_;
    read_ += frames;
    return {sent_ - (written_ - read_) / ratio_, 1 / ratio_, true, read_ > written_, 0};
}

} // namespace spicykvm::sim
