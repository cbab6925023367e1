// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/pipewire/node_state.h"

namespace spicykvm::session {

StreamState state_of(const NodeView& view) noexcept {
    if (view.phase == NodePhase::Streaming) {
        return StreamState::Running;
    }
    return view.phase == NodePhase::Paused && !view.wanted ? StreamState::Corked
                                                           : StreamState::Waiting;
}

std::string problem_of(const NodeView& view) {
    if (!view.server_problem.empty()) {
        return view.server_problem;
    }
    if (!view.missing_device.empty()) {
        return "no sound device " + view.missing_device + ": waiting for it";
    }
    if (view.phase == NodePhase::Failed || (view.phase == NodePhase::None && !view.error.empty())) {
        return "PipeWire refuses the stream: " + view.error + ": trying again";
    }
    if (view.stuck && view.phase != NodePhase::Streaming) {
        return "PipeWire does not run the stream: there is no sound device, or no session manager "
               "(WirePlumber) that links it";
    }
    return {};
}

} // namespace spicykvm::session
