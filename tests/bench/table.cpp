// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/table.h"

#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <string_view>

namespace spicykvm::bench {

namespace {

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
    case Verdict::Met:
        return "ok";
    case Verdict::Missed:
        return "MISSED";
    case Verdict::Wrong:
        return "WRONG";
    case Verdict::Shown:
        return "-";
    case Verdict::Skipped:
        return "skipped";
    }
    return "";
}

void print(const Row& row, std::string_view verdict) {
    fmt::print("{:<60} {:>9} {:>9} {:>9} {:>18}  {}\n", row.what, row.target, row.measured,
               row.baseline, row.ratio, verdict);
    std::fflush(stdout);
}

} // namespace

void Table::add(const Row& row) {
    if (!begun_) {
        begun_ = true;
        print({"what", "target", "measured", "baseline", "ratio (quartiles)"}, "verdict");
    }
    ++counts_[static_cast<std::size_t>(row.verdict)];
    Row shown = row;
    shown.what = prefix_ + row.what;
    print(shown, to_string(row.verdict));
}

void Table::add_time(std::string what, const Estimate& estimate, double limit) {
    const bool targeted = limit > 0;
    add({std::move(what), targeted ? fmt::format("<= {:.2g} x", limit) : "-",
         to_time(estimate.ours), to_time(estimate.baseline), to_ratio(estimate),
         targeted ? judge(estimate.ratio <= limit) : Verdict::Shown});
}

void Table::add_deadline(std::string what, const Estimate& estimate, double limit) {
    add({std::move(what), "< " + to_time(limit), to_time(estimate.ours), to_time(estimate.baseline),
         to_ratio(estimate), judge(estimate.ours < limit)});
}

void Table::add_skipped(std::string what, std::string why) {
    add({std::move(what), "-", "-", "-", std::move(why), Verdict::Skipped});
}

std::string to_time(double nanoseconds) {
    if (std::abs(nanoseconds) < 1e3) {
        return fmt::format("{:.0f} ns", nanoseconds);
    }
    if (std::abs(nanoseconds) < 1e6) {
        return fmt::format("{:.3g} us", nanoseconds / 1e3);
    }
    return fmt::format("{:.3g} ms", nanoseconds / 1e6);
}

std::string to_ratio(const Estimate& estimate) {
    if (estimate.low == estimate.high) {
        return fmt::format("{:.2f}", estimate.ratio);
    }
    return fmt::format("{:.2f} ({:.2f}-{:.2f})", estimate.ratio, estimate.low, estimate.high);
}

Verdict judge(bool met, Verdict otherwise) noexcept {
    return met ? Verdict::Met : otherwise;
}

} // namespace spicykvm::bench
