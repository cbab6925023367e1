// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/input_thread.h"

namespace spicykvm::input {

class InputThread::State {
  public:
    InputMetrics metrics;
};

InputThread::InputThread(EventLoop&, core::InputObserver&, InputSettings)
    : state_(std::make_unique<State>()) {}
InputThread::~InputThread() = default;

void InputThread::enter(core::TargetId, std::uint32_t) {}
void InputThread::leave(core::LeaveReason) {}
void InputThread::lend_pointers(bool) {}
void InputThread::add_guest(core::TargetId, std::unique_ptr<core::GuestInput>) {}
void InputThread::remove_guest(core::TargetId) {}
void InputThread::configure(InputSettings) {}
void InputThread::renew_lease() noexcept {}
std::optional<TimePoint> InputThread::heartbeat() const noexcept {
    return std::nullopt;
}
std::vector<core::DeviceStatus> InputThread::devices() const {
    return {};
}
const InputMetrics& InputThread::metrics() const noexcept {
    return state_->metrics;
}
void InputThread::add_node(std::unique_ptr<InputNode>) {}

} // namespace spicykvm::input
