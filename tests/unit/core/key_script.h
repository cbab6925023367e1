// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/forwarder.h"

#include <filesystem>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace spicykvm::core::test {

/// A test of the forwarder as a text file: settings, an empty line, what happens, an empty line,
/// what has to come of it. '#' begins a comment.
///
///     tap(rightctrl) = toggle       leftmeta+f12 = target 1       hold(rightctrl) = lend_mouse
///     timing tap=200 double=300 hold=400      max_delta 127      horizontal_wheel
///     inactive                      (else target 0 is active)
///     react                         what fires is done: enter, leave, lend
///
/// Events and results begin with milliseconds. Events go on with the device, `kbd` if left out, and
/// key names as in linux/input-event-codes.h. A rel_ event ends its packet. What is called from
/// outside is in capitals.
///
///     0 a down   5 a repeat   9 a up   20 mouse btn_left down   30 mouse rel_x -4   40 syn
///     70 kbd2 resync a leftshift   80 kbd2 gone   90 ENTER 1   95 LEAVE   97 DROP
///     100 LEND on   110 ACK 4   120 PROBE   500 WAIT
///
/// Deadlines are kept on the way. Results:
///
///     key a down     motion 3 -4   button left down    fire toggle    fire lend_mouse end
///     watch kbd on   panic
class KeyScript final : private ForwarderObserver, private GuestInput {
  public:
    /// Runs it; what came of it, a line each.
    [[nodiscard]] std::vector<std::string> run(const std::filesystem::path& file);
    /// What the file says has to come of it.
    [[nodiscard]] const std::vector<std::string>& expected() const noexcept { return expected_; }

  private:
    using Words = std::istringstream;
    void read(const std::filesystem::path& file);
    void configure(const std::string& line);
    void configure_timing(Words& words);
    void play(const std::string& line);
    bool play_control(const std::string& word, Words& words);
    void play_device(DeviceSlot device, const std::string& word, Words& words);
    void advance_to(TimePoint time);
    void react(const Hotkey& hotkey, bool begin);
    void result(const std::string& text);
    void event(DeviceSlot device, std::uint16_t type, std::uint16_t code, std::int32_t value);

    void on_hotkey(const Hotkey& hotkey, bool begin) noexcept override;
    void on_panic_chord() noexcept override;
    void on_watch_all_keys(DeviceSlot device, bool all) noexcept override;

    [[nodiscard]] int fd() const noexcept override { return -1; }
    void key(KeyCode code, KeyAction action) noexcept override;
    void motion(std::int32_t dx, std::int32_t dy, ButtonMask held) noexcept override;
    void button(Button button, bool down, ButtonMask held) noexcept override;
    Io flush() noexcept override { return Io::Ok; }
    [[nodiscard]] bool pending() const noexcept override { return false; }
    Io receive(GuestInputObserver&) noexcept override { return Io::Ok; }

    std::vector<std::string> settings_;
    std::vector<std::string> events_;
    std::vector<std::string> expected_;
    std::vector<std::string> results_;

    HotkeyTable table_;
    ForwarderSettings forwarder_settings_;
    bool starts_active_ = true;
    bool reacts_ = false;
    TimePoint now_;
    Forwarder forwarder_{*this};
};

} // namespace spicykvm::core::test
