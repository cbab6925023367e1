// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/record_sim.h"

#include "session/audio/capture_clock.h"
#include "session/audio/record_pacer.h"
#include "session/audio/resampler.h"
#include "sim/device.h"
#include "sim/random.h"

#include <algorithm>
#include <cmath>

namespace spicykvm::sim {

using audio::Frames;
using audio::Nanoseconds;

void RecordServer::write(Frames frames) noexcept {
    written_ += static_cast<std::uint32_t>(frames);
    level_ += frames;
    const Frames over = std::max<Frames>(0, level_ - kCapacity);
    overflowed += over;
    level_ -= over;
}

void RecordServer::read(Frames frames) noexcept {
    const Frames there = written_ < kGate ? 0 : level_;
    short_reads += there < frames ? 1 : 0;
    silent_reads += there == 0 ? 1 : 0;
    level_ -= std::min(there, frames);
}

namespace {

constexpr TimePoint kBegin{std::chrono::hours(1000)};

/// QEMU's timer: reads what the virtual clock has earned.
class Reader {
  public:
    explicit Reader(const Scenario& scenario)
        : scenario_(scenario), random_(scenario.seed * 2 + 1) {}
    [[nodiscard]] double next() const noexcept { return next_; }
    void tick(RecordServer& server) {
        const auto due = static_cast<Frames>(next_ * 48000);
        server.read(due - read_);
        read_ = due;
        next_ += scenario_.tick_ms * 1e-3 + random_.exponential(scenario_.tick_noise_us * 1e-6);
        if (random_.uniform() < scenario_.spike_chance) {
            next_ += random_.between(1e-3, 5e-3);
        }
    }

  private:
    const Scenario& scenario_;
    Random random_;
    double next_ = 0;
    Frames read_ = 0;
};

class Sender {
  public:
    Sender() = default;
    Sender(const Sender&) = delete;
    Sender& operator=(const Sender&) = delete;
    virtual ~Sender() = default;
    virtual void block(const audio::Pull& block, bool can_send, RecordServer& server) = 0;
    [[nodiscard]] virtual Frames dropped() const { return 0; }
};

class NaiveSender final : public Sender {
    void block(const audio::Pull& block, bool can_send, RecordServer& server) override {
        backlog_ += block.frames;
        if (can_send) {
            server.write(backlog_);
            backlog_ = 0;
        }
    }
    Frames backlog_ = 0;
};

class CoreSender final : public Sender {
  public:
    CoreSender() { pacer_.start(); }

  private:
    void block(const audio::Pull& block, bool can_send, RecordServer& server) override {
        const audio::Intake intake = clock_.next(block);
        recorded_ += intake.gap + (intake.drop ? 0 : intake.output);
        while (can_send) {
            const auto chunk = pacer_.next(block.now, recorded_, block.frames);
            if (chunk.frames == 0) {
                break;
            }
            server.write(chunk.frames);
        }
    }
    [[nodiscard]] Frames dropped() const override { return pacer_.dropped(); }

    audio::CaptureClock clock_;
    audio::RecordPacer pacer_;
    Frames recorded_ = 0;
};

/// The level after every read, in means of 10 s.
class Levels {
  public:
    void add(double now, double level_ms) {
        if (now >= end_) {
            close();
            end_ = now + 10;
        }
        sum_ += level_ms;
        ++count_;
    }
    void finish(RecordReport& report) const {
        report.level_low_ms = low_;
        report.level_high_ms = high_;
        report.level_ms = means_ > 0 ? total_ / means_ : 0;
    }

  private:
    void close() {
        if (count_ > 0 && end_ > 10) {
            const double mean = sum_ / count_;
            low_ = std::min(low_, mean);
            high_ = std::max(high_, mean);
            total_ += mean;
            ++means_;
        }
        sum_ = count_ = 0;
    }
    double end_ = 0;
    double sum_ = 0;
    double count_ = 0;
    double low_ = 1e9;
    double high_ = 0;
    double total_ = 0;
    double means_ = 0;
};

RecordReport run_with(const RecordScenario& scenario, Sender& sender) {
    RecordServer server;
    Reader reader(scenario.device);
    Device device(scenario.device, kBegin);
    Levels levels;
    double next_stall = scenario.stall_every_s > 0 ? scenario.stall_every_s : 1e99;
    std::uint64_t early_reads = 0;
    double now = 0;
    while (now < scenario.device.hours * 3600) {
        const double block = audio::seconds(device.next().now - kBegin);
        if (reader.next() <= block) {
            now = reader.next();
            reader.tick(server);
            levels.add(now, static_cast<double>(server.level()) / 48);
            early_reads = now < 2 ? server.short_reads : early_reads;
            continue;
        }
        now = block;
        const bool stalled = now >= next_stall;
        if (stalled && now >= next_stall + scenario.stall_ms * 1e-3) {
            next_stall += scenario.stall_every_s;
        }
        const bool corked =
            now >= scenario.pause_begin_s && now < scenario.pause_begin_s + scenario.pause_length_s;
        if (!corked) {
            sender.block(device.next(), !stalled, server);
        }
        device.advance();
    }
    RecordReport report;
    levels.finish(report);
    report.short_reads = server.short_reads - early_reads;
    report.overflowed_ms = static_cast<double>(server.overflowed) / 48;
    report.dropped_ms = static_cast<double>(sender.dropped()) / 48;
    const double quantum = static_cast<double>(scenario.device.quanta.front()) / 48;
    const double held = static_cast<double>(audio::Resampler::kHeld) / 48;
    report.delay_ms = report.level_ms + quantum / 2 + held;
    return report;
}

} // namespace

RecordReport run_record(const RecordScenario& scenario) {
    CoreSender sender;
    return run_with(scenario, sender);
}

RecordReport run_record_naive(const RecordScenario& scenario) {
    NaiveSender sender;
    return run_with(scenario, sender);
}

} // namespace spicykvm::sim
