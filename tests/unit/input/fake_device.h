// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "input/input_node.h"

#include <functional>
#include <linux/input.h>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace spicykvm::input::test {

/// An input device with its event node, as the kernel would have it (checked against Linux 6.1):
/// key state, grab, event mask, injected events, EVIOCGKEY that drops queued key events. What we
/// may see comes through a real pipe; what the host sees is written down.
class FakeDevice : public std::enable_shared_from_this<FakeDevice> {
  public:
    using Now = TimePoint (*)() noexcept;

    FakeDevice(NodeIdentity identity, Now now);

    static NodeIdentity keyboard(const std::string& path, const std::string& phys = {});
    static NodeIdentity mouse(const std::string& path, const std::string& phys = {});

    /// The node as the daemon would open it; once a device.
    std::unique_ptr<InputNode> open();

    // What a person does.
    void press(int code) { physical(code, 1); }
    void release(int code) { physical(code, 0); }
    /// A touch that lasts no time, however late this thread is: one tap, not a hold.
    void type(int code);
    void move(int dx, int dy);
    void repeat(int code);
    void unplug();
    /// The reader was too slow: what it has not read is lost.
    void overflow();

    // What became of it.
    [[nodiscard]] bool grabbed() const;
    [[nodiscard]] bool open_now() const;
    [[nodiscard]] NodeMask mask() const;
    /// Keys that the host takes for pressed.
    [[nodiscard]] std::vector<int> down_on_host() const;
    /// Presses that the host saw.
    [[nodiscard]] std::vector<int> pressed_on_host() const;
    [[nodiscard]] unsigned motions_on_host() const;
    [[nodiscard]] std::vector<core::LedState> leds_written() const;

    // Misbehaviour.
    std::errc grab_error{};
    std::errc mask_error{};
    core::LedState leds; ///< of the host
    /// Called just before a grab takes effect.
    std::function<void()> before_grab;
    /// Called when an ungrab begins.
    std::function<void()> on_ungrab;

  private:
    class Node;

    void physical(int code, int value);
    bool change(int code, int value);
    void deliver(std::uint16_t type, int code, int value);
    [[nodiscard]] bool lets_through(std::uint16_t type, int code) const;
    [[nodiscard]] input_event event(std::uint16_t type, int code, int value) const;
    void queue(const std::vector<input_event>& events);
    void drop_queued_keys();

    mutable std::recursive_mutex mutex_;           ///< hooks call back
    std::vector<input_event>* together_ = nullptr; ///< what is queued goes here for now
    NodeIdentity identity_;
    Now now_;
    Fd read_end_;
    int read_fd_ = -1;
    Fd write_end_;
    bool open_ = false;
    bool grabbed_ = false;
    bool gone_ = false;
    NodeMask mask_;
    core::KeySet hotkeys_;
    core::KeySet state_;
    core::KeySet host_;
    std::vector<int> pressed_on_host_;
    unsigned motions_on_host_ = 0;
    std::vector<core::LedState> leds_written_;
};

} // namespace spicykvm::input::test
