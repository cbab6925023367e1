// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/sound_server.h"

#include <cstdint>
#include <string>

namespace spicykvm::session {

enum class NodePhase : std::uint8_t {
    None, ///< there is no node
    Connecting,
    Paused,
    Streaming,
    Failed,
};

/// All that is known of a stream's node.
struct NodeView {
    NodePhase phase = NodePhase::None;
    bool wanted = false;        ///< not corked
    bool stuck = false;         ///< wanted for long, and not streaming
    std::string server_problem; ///< empty: there is a connection
    std::string missing_device; ///< empty: it is there, or none is configured
    std::string error;          ///< of the node that failed last
};

[[nodiscard]] StreamState state_of(const NodeView& view) noexcept;
/// One line, what is wrong and what happens next; empty: nothing is wrong.
[[nodiscard]] std::string problem_of(const NodeView& view);

} // namespace spicykvm::session
