// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/pipewire/stream_node.h"

#include "base/text.h"
#include "session/pipewire/stream_params.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace spicykvm::session {

StreamNode::StreamNode(Hub& hub, spa_direction direction, StreamSettings settings,
                       Processor& processor, std::function<void()> changed)
    : hub_(hub), direction_(direction), settings_(std::move(settings)), processor_(processor),
      changed_(std::move(changed)), settle_(hub.loop, [this] { settle(); }),
      retry_(hub.loop, [this] { settle(); }), stuck_(hub.loop, [this] {
          view_.stuck = true;
          settle();
      }) {
    hub_.nodes.push_back(this);
    settle_.arm_after(Microseconds(0));
}

StreamNode::~StreamNode() {
    destroy();
    std::erase(hub_.nodes, this);
}

void StreamNode::set_active(bool active) {
    if (view_.wanted == active) {
        return;
    }
    view_.wanted = active;
    if (stream_) {
        pw_stream_set_active(stream_.get(), active);
    }
    settle_.arm_after(Microseconds(0));
}

void StreamNode::set_latency(audio::Nanoseconds latency) {
    latency_ = latency;
    if (stream_) {
        publish_latency();
    }
}

void StreamNode::drop() {
    destroy();
    was_dropped_ = true;
    view_.error.clear();
    backoff_.reset();
    settle_.arm_after(Microseconds(0));
}

void StreamNode::refresh() {
    retry_.disarm(); // what was missing may be there now
    settle_.arm_after(Microseconds(0));
}

void StreamNode::settle() {
    if (hub_.is_ending) {
        return;
    }
    const bool has_failed = view_.phase == NodePhase::Failed;
    if (has_failed && !retry_.armed()) {
        retry_.arm_after(backoff_.next());
    }
    if (has_failed || !has_place()) {
        destroy();
    }
    if (!stream_ && has_place() && !retry_.armed()) {
        make();
    }
    watch_for_stuck();
    tell();
}

bool StreamNode::has_place() {
    view_.server_problem = hub_.connection != nullptr ? "" : hub_.problem;
    view_.missing_device.clear();
    if (hub_.connection == nullptr) {
        return false;
    }
    // Without its device a stream would be given another one: the default.
    if (!settings_.device.empty() && !hub_.connection->has_device(settings_.device)) {
        view_.missing_device = settings_.device;
    }
    return view_.missing_device.empty();
}

void StreamNode::make() {
    static const pw_stream_events kEvents = [] {
        pw_stream_events events{};
        events.version = PW_VERSION_STREAM_EVENTS;
        events.state_changed = [](void* self, pw_stream_state, pw_stream_state state,
                                  const char* error) {
            static_cast<StreamNode*>(self)->on_state(state, error);
        };
        events.process = [](void* self) {
            auto& node = *static_cast<StreamNode*>(self);
            node.processor_.process(*node.stream_);
        };
        return events;
    }();
    view_.phase = NodePhase::Connecting;
    view_.error.clear();
    reconnections_ += std::exchange(was_dropped_, false) ? 1 : 0;
    stream_.reset(pw_stream_new(hub_.connection->core(), settings_.description.c_str(),
                                properties_of(settings_, direction_)));
    if (!stream_) {
        on_state(PW_STREAM_STATE_ERROR, "out of memory");
        return;
    }
    pw_stream_add_listener(stream_.get(), hook_.get(), &kEvents, this);
    unsigned flags =
        PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS | PW_STREAM_FLAG_RT_PROCESS;
    if (!view_.wanted) {
        flags |= PW_STREAM_FLAG_INACTIVE;
    }
    ConnectParams params(latency_);
    auto list = params.list();
    const int result =
        pw_stream_connect(stream_.get(), direction_, PW_ID_ANY, static_cast<pw_stream_flags>(flags),
                          list.data(), static_cast<std::uint32_t>(list.size()));
    if (result < 0) {
        on_state(PW_STREAM_STATE_ERROR, std::generic_category().message(-result).c_str());
    }
}

void StreamNode::destroy() {
    if (stream_) {
        // The data thread uses the listener and stream_ until this returns. It is a change of the
        // state, too, but none that anybody is to know of.
        const std::string error = view_.error;
        pw_stream_disconnect(stream_.get());
        view_.error = error;
    }
    hook_.remove();
    stream_.reset();
    view_.phase = NodePhase::None;
}

void StreamNode::on_state(pw_stream_state state, const char* error) {
    switch (state) {
    case PW_STREAM_STATE_ERROR:
    case PW_STREAM_STATE_UNCONNECTED:
        view_.phase = NodePhase::Failed;
        view_.error = error != nullptr ? printable(error) : "disconnected";
        break;
    case PW_STREAM_STATE_CONNECTING:
        view_.phase = NodePhase::Connecting;
        break;
    case PW_STREAM_STATE_PAUSED:
        view_.phase = NodePhase::Paused;
        break;
    case PW_STREAM_STATE_STREAMING:
        view_.phase = NodePhase::Streaming;
        backoff_.reset();
        break;
    }
    settle_.arm_after(Microseconds(0));
}

void StreamNode::watch_for_stuck() {
    const bool waits = view_.wanted && stream_ && view_.phase != NodePhase::Streaming;
    if (!waits) {
        stuck_.disarm();
        view_.stuck = false;
    } else if (!stuck_.armed() && !view_.stuck) {
        stuck_.arm_after(kStuck);
    }
}

void StreamNode::tell() {
    const StreamState now = state_of(view_);
    std::string what = problem_of(view_);
    if (now == told_state_ && what == told_problem_) {
        return;
    }
    told_state_ = now;
    told_problem_ = std::move(what);
    changed_(); // last: it may destroy this
}

void StreamNode::publish_latency() {
    LatencyParam param(latency_);
    const spa_pod* pod = param.get();
    pw_stream_update_params(stream_.get(), &pod, 1);
}

} // namespace spicykvm::session
