// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "core/guest_input.h"
#include "spice/inputs_reader.h"
#include "spice/out_buffer.h"

namespace spicykvm::spice {

/// A linked inputs channel. Made on the main loop, then handed to the input thread, which alone
/// uses and destroys it.
class InputsChannel final : public core::GuestInput {
  public:
    /// Room for over 5000 keys: the server can't have stalled that long and still be of use.
    static constexpr std::size_t kQueue = 64 * 1024;

    /// `socket`: linked, non-blocking.
    explicit InputsChannel(Fd socket);
    /// Ends the connection in order: what was flushed still arrives.
    ~InputsChannel() override;
    InputsChannel(const InputsChannel&) = delete;
    InputsChannel& operator=(const InputsChannel&) = delete;

    [[nodiscard]] int fd() const noexcept override { return socket_.get(); }
    void key(core::KeyCode code, core::KeyAction action) noexcept override;
    void motion(std::int32_t dx, std::int32_t dy, core::ButtonMask held) noexcept override;
    void button(core::Button button, bool down, core::ButtonMask held) noexcept override;
    Io flush() noexcept override;
    [[nodiscard]] bool pending() const noexcept override { return !out_.empty(); }
    /// Also flushes, if there was something to answer.
    Io receive(core::GuestInputObserver& observer) noexcept override;

  private:
    Io lose() noexcept;

    Fd socket_;
    OutBuffer out_{kQueue};
    InputsReader reader_{out_};
    bool lost_ = false;
};

} // namespace spicykvm::spice
