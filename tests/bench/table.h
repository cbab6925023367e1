// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bench/samples.h"

#include <string>

namespace spicykvm::bench {

enum class Verdict {
    Met,
    Missed, ///< a ratio or a time: may be the machine's other work
    Wrong,  ///< a count that may not be otherwise, whatever the machine does
    Shown,  ///< no target
    Skipped,
};

struct Row {
    std::string what;
    std::string target;
    std::string measured;
    std::string baseline;
    std::string ratio;
    Verdict verdict = Verdict::Shown;
};

/// The result, a line each as soon as it is known.
class Table {
  public:
    /// `prefix` stands before every line's name. `continued`: without the headings.
    explicit Table(std::string prefix, bool continued)
        : prefix_(std::move(prefix)), begun_(continued) {}

    void add(const Row& row);
    /// `limit` is a ratio; 0: no target.
    void add_time(std::string what, const Estimate& estimate, double limit);
    /// `limit` is a time, in nanoseconds, for the median.
    void add_deadline(std::string what, const Estimate& estimate, double limit);
    void add_skipped(std::string what, std::string why);

    [[nodiscard]] unsigned count(Verdict verdict) const noexcept {
        return counts_[static_cast<std::size_t>(verdict)];
    }

  private:
    std::string prefix_;
    bool begun_;
    unsigned counts_[5] = {};
};

/// "8.1 us"; from nanoseconds.
[[nodiscard]] std::string to_time(double nanoseconds);
/// "1.08 (1.02-1.15)"; without the quartiles where there are none.
[[nodiscard]] std::string to_ratio(const Estimate& estimate);
[[nodiscard]] Verdict judge(bool met, Verdict otherwise = Verdict::Missed) noexcept;

} // namespace spicykvm::bench
