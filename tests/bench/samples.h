// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace spicykvm::bench {

/// What was measured, one number each: nanoseconds, if not said otherwise.
class Samples {
  public:
    void reserve(std::size_t count) { values_.reserve(count); }
    void add(double value) { values_.push_back(value); }
    void add(std::chrono::nanoseconds duration) { add(static_cast<double>(duration.count())); }
    void add(const Samples& others);

    [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
    [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
    /// The value that `part` (0..1) of all are not above; 0 if there are none.
    [[nodiscard]] double quantile(double part) const;
    [[nodiscard]] double median() const { return quantile(0.5); }
    [[nodiscard]] double max() const { return quantile(1.0); }

  private:
    std::vector<double> values_;
};

/// One figure of two contenders.
struct Estimate {
    double ours = 0;
    double baseline = 0;
    double ratio = 0;
    double low = 0; ///< quartiles of the ratio over the pairs: how far to trust it
    double high = 0;
};

/// Two contenders that were measured in turn, a block each, so that whatever else the machine did
/// hit both alike.
class Comparison {
  public:
    void add(Samples ours, Samples baseline);
    [[nodiscard]] std::size_t pairs() const noexcept { return ours_.size(); }

    /// Of each block's quantile: the median over the blocks; the ratio is that of each pair.
    [[nodiscard]] Estimate at(double part) const;
    /// Of all blocks together: for tails that a block is too short for.
    [[nodiscard]] Estimate pooled(double part) const;

  private:
    std::vector<Samples> ours_;
    std::vector<Samples> baseline_;
};

} // namespace spicykvm::bench
