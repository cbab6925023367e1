// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"
#include "core/hotkey.h"
#include "core/hotkey_lookup.h"
#include "core/key_holders.h"
#include "core/withheld_events.h"

#include <optional>
#include <span>
#include <vector>

namespace spicykvm::core {

/// What the matcher decides; called from inside its functions. Any of them may call back into it.
class HotkeySink {
  public:
    /// While active: a key or button event that is no part of a hotkey, in order.
    virtual void on_pass(DeviceSlot device, const Event& event) noexcept = 0;
    /// A hotkey fired (`begin`), or a Hold that had fired ended.
    virtual void on_fire(const Hotkey& hotkey, bool begin) noexcept = 0;
    /// While inactive: as ForwarderObserver::on_watch_all_keys().
    virtual void on_watch(DeviceSlot device, bool all) noexcept = 0;

  protected:
    ~HotkeySink() = default;
};

/// Tells hotkeys from typing. Time comes by argument only; nothing allocates but set_hotkeys().
///
/// P press, R release of the key; x another key's or button's press, or the wheel; '.' the
/// time-out. While active, what stands before the decision is withheld from the guest; a hotkey
/// that fires swallows it, else it is replayed in order, and then what decided. While inactive the
/// host sees everything, and the same machine only recognises.
///
///     tap      P--R        Tap. With a Double on the key: P--R.  or  P--R--x: Tap, then x
///              P--x        replay: a combination
///              P----.      replay: held down. With a Hold on the key: Hold, until R
///     double   P--R--P--R  Double
///              P--R--P--x  the first tap fires or is replayed, then the rest as  P--x
///              P--R--P---. the same, as  P----.
///     hold     P----.---R  begins at the time-out, ends at R
///              P--R        a Tap if there is one and it was short enough, else replay
///     press    P           swallowed up to R
///     release  P...R       acts at R, however late and with whatever in between
///     chord    P1 P2 Pn    P1..Pn-1 in any order, withheld until Pn, but for Timing::hold at most
///
/// One key may have tap, double, hold and be in chords, all at once. A press or release hotkey
/// comes before them, and a chord that is complete before all. A shorter chord does not wait for a
/// longer one.
///
/// The release of an ordinary key that was down before decides nothing and passes at once: a fast
/// typist's last letter comes up while the hotkey goes down. That of a modifier or button decides
/// like a press, for it would change what is withheld. Autorepeat decides nothing.
class HotkeyMatcher {
  public:
    explicit HotkeyMatcher(HotkeySink& sink) noexcept : sink_(sink) {}

    /// `table` must outlive its use. What is withheld is replayed, a Hold ends. Allocates.
    void set_hotkeys(const HotkeyTable& table);

    /// A gesture that has not fired is dropped, also what it withheld; a Hold goes on. Nobody is
    /// told to stop watching: while active all keys are seen, and leaving narrows every mask.
    void enter(TargetId current) noexcept;
    void leave() noexcept;

    /// EV_KEY. First decides what has timed out by `event.time`: the time of the event counts, not
    /// that of its reading.
    void on_key(DeviceSlot device, const Event& event) noexcept;
    /// The wheel turned.
    void on_wheel(TimePoint now) noexcept;
    /// Releases keys that are up by now, and passes those that went down unseen: a hotkey fires
    /// only from what was seen.
    void on_resync(DeviceSlot device, const KeySet& down, TimePoint now) noexcept;
    /// Its keys are up: a Hold ends, a Release hotkey does not act. Passes nothing on: the ledger
    /// releases what the guest holds.
    void on_device_gone(DeviceSlot device, TimePoint now) noexcept;

    [[nodiscard]] std::optional<TimePoint> deadline() const noexcept;
    void on_deadline(TimePoint now) noexcept;

  private:
    enum class State : std::uint8_t {
        Idle,
        Pressed, ///< one key down: tap, double, hold or a chord's first key
        Gap,     ///< tapped once; a second tap may follow
        Again,   ///< down for the second time
        Prefix,  ///< several keys of a chord down
    };

    void on_down(DeviceSlot device, const Event& event) noexcept;
    void on_up(DeviceSlot device, const Event& event) noexcept;
    void on_repeat(DeviceSlot device, const Event& event) noexcept;
    void first_press(DeviceSlot device, const Event& event) noexcept;
    void last_release(DeviceSlot device, const Event& event) noexcept;
    void follow(DeviceSlot device, const Event& event) noexcept;

    // hotkey_gestures.cpp: one handler per state and input.
    void idle_press(DeviceSlot device, const Event& event) noexcept;
    void pending_press(DeviceSlot device, const Event& event) noexcept;
    void gap_press(DeviceSlot device, const Event& event) noexcept;
    void pressed_release(DeviceSlot device, const Event& event) noexcept;
    void again_release() noexcept;
    void pressed_timeout() noexcept;

    void begin(DeviceSlot device, const Event& event, const KeyGestures& gestures) noexcept;
    void settle_first_tap() noexcept;
    void interrupt() noexcept;
    void complete_chord(const Hotkey& chord, const Event& event) noexcept;
    void finish_swallowed(KeyCode code) noexcept;
    void end_hold(KeyCode code) noexcept;
    [[nodiscard]] bool extends_prefix(KeyCode code) const noexcept;

    [[nodiscard]] TimePoint pressed_deadline() const noexcept;
    void keep(DeviceSlot device, const Event& event) noexcept;
    void pass(DeviceSlot device, const Event& event) noexcept;
    void pass_deciding(DeviceSlot device, const Event& event) noexcept;
    void replay(std::size_t count) noexcept;
    void replay_all() noexcept;
    void to_idle() noexcept;
    void drop_gesture() noexcept;
    void forget_all_but(const KeySet& codes) noexcept;

    HotkeySink& sink_;
    HotkeyContext context_;
    std::span<const Hotkey> hotkeys_;
    HotkeyTiming timing_;
    KeySet codes_;              ///< all keys of `hotkeys_`
    std::vector<bool> holding_; ///< by hotkey: a Hold that has fired

    KeyHolders down_;  ///< while active all keys, while inactive those of `codes_`
    KeySet swallowed_; ///< down, but not for the guest: up to their release
    KeySet armed_;     ///< down, and their release fires a Release hotkey

    State state_ = State::Idle;
    KeyCode key_{};        ///< Pressed, Gap, Again: whose gesture it is
    KeyGestures gestures_; ///< of `key_`
    TimePoint since_;      ///< when it was pressed (last)
    TimePoint deadline_;   ///< not in Idle
    WithheldEvents withheld_;
    std::size_t second_press_ = 0; ///< Again: its place in `withheld_`
    std::optional<DeviceSlot> watched_;
};

} // namespace spicykvm::core
