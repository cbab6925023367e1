// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/frames.h"

#include <array>
#include <optional>

namespace spicykvm::audio {

/// When the guest's frames are due. QEMU's packets can be late, never early: the earliest one of
/// the last minute tells where the source's clock is, and how late all others are. A mean would
/// follow the saw tooth that QEMU's timer makes of the packets.
///
///     origin = min(arrival - duration_of(position)),   lateness = arrival - origin - that duration
///
/// The guest on the same host is paced by the same CLOCK_MONOTONIC and can't drift. Another host's
/// clock does: then the slope of the earliest packets is the skew.
class SourceAnchor {
  public:
    static constexpr Nanoseconds kBlock{2'000'000'000};
    static constexpr std::size_t kBlocks = 30; ///< so the window is a minute
    /// Blocks until the skew of another host is known well enough.
    static constexpr std::size_t kBlocksForSkew = 15;
    /// Until then only these count: the older ones are wrong by what they drifted.
    static constexpr std::size_t kBlocksAtFirst = 2;
    static constexpr double kMaxSkew = 0.001;
    /// The origin sinks at once, but rises towards the window's minimum with this time constant: so
    /// that it moves by less than the rate may.
    static constexpr Nanoseconds kRise{100'000'000'000};
    /// How long what start() was told is taken for an arrival.
    static constexpr Nanoseconds kHintLife{2'000'000'000};

    /// A new stream; forgets everything. `earliest`: when the first frame was due at the latest by
    /// what the sender says of the start; the first packet alone can't tell, it may be late itself.
    void start(Frames position, std::optional<TimePoint> earliest = std::nullopt) noexcept;
    /// `same_host`: the source's clock is ours.
    void set_same_host(bool same_host) noexcept { same_host_ = same_host; }

    /// Call in the order of arrival. `position`: of the packet's first frame.
    Nanoseconds on_packet(TimePoint arrival, Frames position) noexcept;

    /// The sender's word on the start turned out wrong.
    void drop_hint() noexcept { hint_.reset(); }

    /// The source's clock stood still for so long.
    void move(Nanoseconds later) noexcept;

    /// When position 0 of this stream was, or would have been, due; defined after a packet.
    [[nodiscard]] TimePoint origin() const noexcept;
    /// The source's frames per frame of CLOCK_MONOTONIC, less one: -1e-4 for one 100 ppm slow.
    [[nodiscard]] double skew() const noexcept { return -slope_; }

  private:
    struct Block {
        Nanoseconds time{};
        Nanoseconds earliest{};
    };
    void open_block(Nanoseconds time, Nanoseconds offset) noexcept;
    void update_slope() noexcept;
    [[nodiscard]] bool knows_rate() const noexcept { return same_host_ || knows_skew_; }
    [[nodiscard]] Nanoseconds envelope(Nanoseconds time) const noexcept;

    bool same_host_ = true;
    std::optional<TimePoint> base_; ///< times and offsets are relative to the first packet
    std::optional<TimePoint> hint_;
    Frames first_position_ = 0;
    std::array<Block, kBlocks> blocks_{};
    std::size_t newest_ = 0;
    std::size_t count_ = 0;
    bool knows_skew_ = false;
    double slope_ = 0;
    Nanoseconds last_time_{};
    Nanoseconds offset_{}; ///< of the origin
};

} // namespace spicykvm::audio
