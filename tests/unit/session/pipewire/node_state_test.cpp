// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/pipewire/node_state.h"

#include <gmock/gmock.h>

namespace spicykvm::session {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(NodeState, APausedNodeIsCorkedIfNobodyWantsIt) {
    NodeView view;
    view.phase = NodePhase::Paused;
    EXPECT_EQ(state_of(view), StreamState::Corked);
    view.wanted = true;
    EXPECT_EQ(state_of(view), StreamState::Waiting);
}

TEST(NodeState, OnlyAStreamingNodeRuns) {
    for (const auto phase : {NodePhase::None, NodePhase::Connecting, NodePhase::Failed}) {
        for (const bool wanted : {false, true}) {
            NodeView view;
            view.phase = phase;
            view.wanted = wanted;
            EXPECT_EQ(state_of(view), StreamState::Waiting);
        }
    }
    NodeView view;
    view.phase = NodePhase::Streaming;
    EXPECT_EQ(state_of(view), StreamState::Running);
}

TEST(NodeState, ThereIsNoProblemWithoutAReason) {
    NodeView view;
    view.wanted = true;
    for (const auto phase :
         {NodePhase::None, NodePhase::Connecting, NodePhase::Paused, NodePhase::Streaming}) {
        view.phase = phase;
        EXPECT_THAT(problem_of(view), IsEmpty());
    }
}

TEST(NodeState, TheProblemIsTheOneToSolveFirst) {
    NodeView view;
    view.phase = NodePhase::Failed;
    view.wanted = view.stuck = true;
    view.error = "no node available";
    view.missing_device = "headset";
    view.server_problem = "PipeWire is gone";
    EXPECT_EQ(problem_of(view), "PipeWire is gone");
    view.server_problem.clear();
    EXPECT_EQ(problem_of(view), "no sound device headset: waiting for it");
    view.missing_device.clear();
    EXPECT_THAT(problem_of(view), HasSubstr("no node available: trying again"));
    view.phase = NodePhase::None; // until the next attempt
    EXPECT_THAT(problem_of(view), HasSubstr("no node available"));
    view.phase = NodePhase::Paused;
    EXPECT_THAT(problem_of(view), HasSubstr("session manager"));
}

TEST(NodeState, WhatRunsIsNotStuck) {
    NodeView view;
    view.phase = NodePhase::Streaming;
    view.wanted = view.stuck = true;
    EXPECT_THAT(problem_of(view), IsEmpty());
}

} // namespace

} // namespace spicykvm::session
