// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/playback_sim.h"

#include "sim/device.h"
#include "sim/qemu.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace spicykvm::sim {

namespace {

constexpr TimePoint kBegin{std::chrono::hours(1000)};
/// Learning the device's rate takes some time.
constexpr double kSettled = 120;

/// p99 - p1 of each minute.
class Modulation {
  public:
    void add(double now, double delay_ms) {
        if (now >= end_) {
            close();
            end_ = now + 60;
        }
        const double bin = std::clamp(delay_ms / kBinMs, 0.0, static_cast<double>(kBins - 1));
        ++bins_[static_cast<std::size_t>(bin)];
        ++count_;
    }
    [[nodiscard]] double largest() const { return largest_; }

  private:
    static constexpr std::size_t kBins = 6000;
    static constexpr double kBinMs = 0.02;

    void close() {
        if (count_ > 1000) {
            const double spread = (percentile(0.99) - percentile(0.01)) * kBinMs;
            largest_ = std::max(largest_, spread);
        }
        bins_.fill(0);
        count_ = 0;
    }
    [[nodiscard]] double percentile(double part) const {
        auto rest = static_cast<std::int64_t>(part * static_cast<double>(count_));
        for (std::size_t bin = 0; bin < kBins; ++bin) {
            rest -= bins_[bin];
            if (rest < 0) {
                return static_cast<double>(bin);
            }
        }
        return static_cast<double>(kBins);
    }

    double end_ = 0;
    double largest_ = 0;
    std::int64_t count_ = 0;
    std::array<std::int32_t, kBins> bins_{};
};

/// The ratio's error while the target stands still: its mean over 10 s, its deviation over all.
class Tracking {
  public:
    void add(double now, double error_ppm, bool disturbed) {
        if (now >= end_) {
            if (count_ > 100 && !disturbed_ && !hit_) {
                largest_ = std::max(largest_, std::abs(sum_ / count_));
                all_squares_ += squares_;
                all_ += count_;
            }
            // Nor do those of the next half a minute.
            clean_from_ = hit_ ? now + 30 : clean_from_;
            hit_ = false;
            disturbed_ = now < clean_from_;
            sum_ = squares_ = count_ = 0;
            end_ = now + 10;
        }
        hit_ = hit_ || disturbed;
        sum_ += error_ppm;
        squares_ += error_ppm * error_ppm;
        ++count_;
    }
    [[nodiscard]] double largest() const { return largest_; }
    [[nodiscard]] double deviation() const { return all_ > 0 ? std::sqrt(all_squares_ / all_) : 0; }

  private:
    double end_ = 0;
    double clean_from_ = 0;
    bool hit_ = false;       ///< in this window
    bool disturbed_ = false; ///< shortly before
    double sum_ = 0;
    double squares_ = 0;
    double count_ = 0;
    double all_squares_ = 0;
    double all_ = 0;
    double largest_ = 0;
};

class Measurement {
  public:
    Measurement(const Scenario& scenario, const Watcher& watch)
        : length_(scenario.hours * 3600), watch_(watch) {}

    void add(const QemuPlayback& qemu, const Device& device, const Outcome& outcome) {
        const double now = audio::seconds(device.true_time() - kBegin);
        // Due: when it was made, plus the packet, plus the way here.
        const double heard =
            (outcome.read_end - static_cast<double>(qemu.first_frame())) / qemu.rate();
        const double due = qemu.stream_begin_s() + heard;
        const double delay = (now - due) * 1e3 - 10;
        ++report.requests;
        report.starved += outcome.starved ? 1 : 0;
        if (outcome.starved) {
            report.silent_ms += static_cast<double>(device.next().frames) / 48;
            report.gaps += sounded_ ? 1 : 0;
        }
        if (watch_) {
            watch_(now, delay, outcome);
        }
        if (outcome.sounds && !outcome.starved) {
            note(now, delay, qemu.stream_begin_s());
            const double exact = qemu.rate() / 48000 / device.rate();
            if (now > kSettled) {
                const bool moved = std::abs(outcome.delay_ms - target_) > 0.002;
                tracking_.add(now, (outcome.step / exact - 1) * 1e6, moved || !sounded_);
                target_ = moved ? outcome.delay_ms : target_;
            }
        }
        sounded_ = outcome.sounds && !outcome.starved;
    }

    Report finish() {
        report.delay_ms = late_count_ > 0 ? late_sum_ / late_count_ : 0;
        report.modulation_ms = modulation_.largest();
        report.tracking_ppm = tracking_.largest();
        report.ratio_sd_ppm = tracking_.deviation();
        report.start_excess_ms = first_max_ - report.delay_ms;
        return report;
    }

  private:
    void note(double now, double delay, double stream_begin) {
        if (report.first_sound_ms < 0) {
            report.first_sound_ms = (now - stream_begin) * 1e3;
        }
        if (now < 10) {
            first_max_ = std::max(first_max_, delay);
        }
        if (now > kSettled) {
            report.delay_max_ms = std::max(report.delay_max_ms, delay);
            report.delay_min_ms = std::min(report.delay_min_ms, delay);
            modulation_.add(now, delay);
        }
        if (now > length_ * 0.75) {
            late_sum_ += delay;
            ++late_count_;
        }
    }

    Report report;
    double length_;
    const Watcher& watch_;
    Modulation modulation_;
    Tracking tracking_;
    double target_ = 0;
    bool sounded_ = false;
    double first_max_ = 0;
    double late_sum_ = 0;
    double late_count_ = 0;
};

} // namespace

Report run(const Scenario& scenario, Player& player, const Watcher& watch) {
    QemuPlayback qemu(scenario, kBegin);
    Device device(scenario, kBegin);
    Measurement measurement(scenario, watch);
    const TimePoint end = kBegin + Nanoseconds(static_cast<std::int64_t>(scenario.hours * 3600e9));
    const Nanoseconds transport(static_cast<std::int64_t>(scenario.transport_us * 1e3));
    const QemuPlayback::Receiver receive = [&player](const Message& m) { player.receive(m); };
    while (device.true_time() < end) {
        if (qemu.next() + transport <= device.next().now) {
            qemu.tick(receive);
        } else {
            const Outcome outcome = player.pull(device.next());
            measurement.add(qemu, device, outcome);
            device.advance();
        }
    }
    return measurement.finish();
}

} // namespace spicykvm::sim
