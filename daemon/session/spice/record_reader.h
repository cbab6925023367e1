// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/record.h"
#include "session/spice/audio_messages.h"
#include "spice/common_messages.h"
#include "spice/framer.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace spicykvm::session {

/// A record channel as it is: small and plain, to be handed from thread to thread.
struct RecordState {
    bool recording = false; ///< between START and STOP, in a format that is supported
    RecordStart refused{};  ///< of the last START, if it is not supported; else zeros
};

/// Why the VM gets no sound although it records, one line; empty: nothing is wrong.
[[nodiscard]] std::string problem_of(const RecordState& state);

/// The receiving half of a record channel: bytes in, what the VM asks for out. No socket, no clock,
/// no allocation.
class RecordReader {
  public:
    /// Answers go to `out`. Both must outlive this.
    RecordReader(spice::OutBuffer& out, audio::RecordShared& shared, audio::VolumeLaw law) noexcept
        : common_(out), shared_(shared), mixer_(law) {}

    /// False: the server broke the protocol, see error(); the connection is of no more use.
    [[nodiscard]] bool feed(ByteSpan bytes) noexcept;

    [[nodiscard]] std::string_view error() const noexcept { return error_; }
    [[nodiscard]] const RecordState& state() const noexcept { return state_; }
    /// Counts the STARTs: each empties the server's queue.
    [[nodiscard]] unsigned starts() const noexcept { return starts_; }
    /// Counts what changes the state.
    [[nodiscard]] unsigned changes() const noexcept { return changes_; }

  private:
    bool take_own(const spice::Framer::Message& message) noexcept;
    void start(const RecordStart& start) noexcept;

    spice::Framer framer_;
    spice::CommonMessages common_;
    audio::RecordShared& shared_;
    audio::GuestMixer mixer_;
    RecordState state_;
    unsigned starts_ = 0;
    unsigned changes_ = 0;
    std::string_view error_;
};

} // namespace spicykvm::session
