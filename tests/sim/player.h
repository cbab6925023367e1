// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/audio/playout.h"
#include "sim/qemu.h"

namespace spicykvm::sim {

/// What a request got, in numbers of frames.
struct Outcome {
    double read_end = 0; ///< one past the last source frame that was read; of all sent ones
    double step = 1;     ///< source frames per device frame
    bool sounds = false;
    bool starved = false;
    double delay_ms = 0; ///< that was aimed at
};

/// Something that plays what QEMU sends. Contenders run in the same scenarios.
class Player {
  public:
    Player() = default;
    Player(const Player&) = delete;
    Player& operator=(const Player&) = delete;
    virtual ~Player() = default;
    virtual void receive(const Message& message) = 0;
    virtual Outcome pull(const audio::Pull& pull) = 0;
};

} // namespace spicykvm::sim
