// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/button_map.h"
#include "core/event.h"
#include "core/guest_input.h"
#include "core/hotkey.h"
#include "core/hotkey_matcher.h"
#include "core/key_ledger.h"
#include "core/late_releases.h"
#include "core/motion_pacer.h"
#include "core/panic_chord.h"
#include "core/wheel.h"

#include <cstdint>
#include <optional>

namespace spicykvm::core {

/// What the forwarder decides; called from inside its functions, on the input thread. Every
/// function of the forwarder may be called from there.
class ForwarderObserver {
  public:
    /// A hotkey fired (`begin`), or a Hold gesture that had fired ended (`begin` false).
    virtual void on_hotkey(const Hotkey& hotkey, bool begin) noexcept = 0;
    /// Backspace, Escape and Enter are down together. Only while active, before anything else looks
    /// at the event.
    virtual void on_panic_chord() noexcept = 0;
    /// While inactive: a Tap, Double or Hold of this device has begun (true) or is decided (false):
    /// until then every key of the device must be seen, or a tap could not be told from a key
    /// combination.
    virtual void on_watch_all_keys(DeviceSlot device, bool all) noexcept = 0;

  protected:
    ~ForwarderObserver() = default;
};

struct ForwarderSettings {
    /// Motion is sent in steps of at most this much per axis; 0: whatever comes. 127 suits drivers
    /// with 8-bit axes.
    std::int32_t max_delta = 0;
    /// Shift+wheel for the horizontal wheel; else it is dropped (SPICE has no horizontal wheel).
    bool horizontal_wheel_as_shift = false;
    /// Moves the mouse by one step and back on entering: the guest's display may be asleep.
    bool wakes_guest = false;
};

/// What a forwarder has sent since it was made.
struct ForwarderCounters {
    std::uint64_t keys = 0;    ///< messages, repeats too
    std::uint64_t buttons = 0; ///< messages, the wheel's too
    std::uint64_t motions = 0; ///< messages
    std::uint64_t merged = 0;  ///< packets whose motion had to wait, and went with a later one
};

/// All of the input path that is decision: panic chord, hotkeys, key ledger, wheel, motion pacing.
/// Pure: events and time come in by argument, bytes go out through the GuestInput. No function
/// allocates after the constructor and set_hotkeys(). Pipeline of an event: panic chord -> hotkey
/// matcher (withhold, swallow, replay) -> ledger -> pacer -> GuestInput.
class Forwarder final : private HotkeySink {
  public:
    /// Keys released at once on leaving, at most six bytes of scancodes, and the pause after them:
    /// QEMU's PS/2 keyboard has room for 16 bytes and drops whole sequences beyond.
    static constexpr unsigned kKeysPerStep = 3;
    static constexpr Milliseconds kStepPause{5};
    /// Messages of keys after which the server is made to acknowledge: about as many as PS/2 has
    /// room for, so that one that comes late tells that releases may be lost. See LateReleases.
    static constexpr unsigned kKeysPerAck = 10;

    explicit Forwarder(ForwarderObserver& observer, ForwarderSettings settings = {});

    /// `table` must outlive its use, this call's replacement included. A gesture under way is
    /// dropped: what it withheld is replayed first, a Hold that had fired ends.
    void set_hotkeys(const HotkeyTable& table);
    void set_settings(const ForwarderSettings& settings) noexcept { settings_ = settings; }

    /// Inactive -> active: from now on everything but hotkeys goes to `guest`, starting with
    /// MOTION(0, 0, no buttons) which clears buttons an earlier client left down. `current` enables
    /// and disables hotkeys by context. Every watch (on_watch_all_keys) ends without a call; a Hold
    /// that has fired goes on. Keys that are down already are not sent, nor their releases.
    void enter(GuestInput& guest, TargetId current);
    /// Active -> inactive: stops at once; pending motion is dropped, what the guest holds is
    /// released in steps (see deadline()), each flushed by itself. Returns how many keys and
    /// buttons are to be released. The guest is not used any more once releasing() is false.
    unsigned leave(TimePoint now);
    [[nodiscard]] bool active() const noexcept { return active_; }
    /// The guest's connection is gone: forgets it, sends nothing.
    void drop_guest() noexcept;
    /// True after leave() while releases are still owed to the guest, and until it has acknowledged
    /// what was sent before, because they may have to be sent once more (see LateReleases).
    /// Entering the same guest again sends the rest first; entering another sends and flushes it
    /// before.
    [[nodiscard]] bool releasing() const noexcept { return !active_ && guest_ != nullptr; }

    /// Pointer events are ignored while the mouse is lent to the host; its buttons are released
    /// first.
    void lend_pointers(bool lent, TimePoint now);

    /// One event of an open device. EV_SYN/SYN_REPORT ends a packet: motion is summed up to it.
    /// What the daemon writes into a node itself must not come here for keys of hotkeys: it would
    /// end a Hold, and the release that ends a Borrow has to be the real one.
    void on_event(DeviceSlot device, const Event& event);
    /// After each batch read from a descriptor, and after everything else that may have sent: sends
    /// what is due. One send() per batch.
    GuestInput::Io flush() noexcept;
    /// After SYN_DROPPED: `down` is what the kernel says is down on the device now (EVIOCGKEY).
    /// Keys that went up in between are released. Keys that went down are sent as pressed, for they
    /// are held still: a modifier that the guest does not know of would change all that follows. No
    /// hotkey fires from such a press; the panic chord does.
    void on_resync(DeviceSlot device, const KeySet& down, TimePoint now);
    /// The device is gone: its keys are released for the guest at once, more than kKeysPerStep in
    /// steps.
    void on_device_gone(DeviceSlot device, TimePoint now);

    /// When on_deadline() wants to be called: undecided gestures, paced releases.
    [[nodiscard]] std::optional<TimePoint> deadline() const noexcept;
    void on_deadline(TimePoint now);

    /// Motions the server has not acknowledged yet. It acknowledges every fourth.
    [[nodiscard]] unsigned unacknowledged() const noexcept { return pacer_.unacknowledged(); }
    /// Since when the server has owed an acknowledgement: if that is long ago, it has stalled.
    [[nodiscard]] std::optional<TimePoint> oldest_unacknowledged() const noexcept {
        return pacer_.owed_since();
    }
    /// True if something was sent since the last acknowledgement and none is owed for it: only a
    /// probe() will tell whether the server still reads.
    [[nodiscard]] bool wants_probe() const noexcept {
        return active_ && pacer_.missing_for_ack() > 0;
    }
    /// Sends as many zero motions as the server needs to acknowledge, if wants_probe(). To be
    /// called about once a second while active.
    void probe(TimePoint now) noexcept;

    /// Only for the guest that was entered last.
    void on_motion_ack(unsigned count, TimePoint now) noexcept;
    void on_leds(LedState leds) noexcept { leds_ = leds; }
    [[nodiscard]] LedState leds() const noexcept { return leds_; }

    [[nodiscard]] ForwarderCounters counters() const noexcept {
        ForwarderCounters counters = counters_;
        counters.motions = pacer_.sent();
        return counters;
    }

  private:
    void on_pass(DeviceSlot device, const Event& event) noexcept override;
    void on_fire(const Hotkey& hotkey, bool begin) noexcept override;
    void on_watch(DeviceSlot device, bool all) noexcept override;

    void on_relative(DeviceSlot device, const Event& event) noexcept;
    void on_report(DeviceSlot device, TimePoint now) noexcept;
    void forward(DeviceSlot device, KeyCode code, KeyAction action, TimePoint now) noexcept;
    /// Whether the server owes an acknowledgement for longer than one that reads would.
    [[nodiscard]] bool is_behind(TimePoint now) const noexcept;

    void send(KeyCode code, bool down) noexcept;
    void send_key(KeyCode code, KeyAction action) noexcept;
    void send_button(Button button, bool down) noexcept;
    void set_button(Button button, bool down) noexcept;
    void send_wheel(Button direction, std::int32_t detents) noexcept;
    void send_horizontal_wheel(std::int32_t detents) noexcept;

    void release_step(TimePoint now) noexcept;
    void release_late(TimePoint now) noexcept;
    [[nodiscard]] bool owes() const noexcept;
    /// Zero motions, as many as the server needs to owe an acknowledgement, if it does not.
    void ask_for_ack(TimePoint now) noexcept;
    void release_rest() noexcept;
    void stop_forwarding() noexcept;
    [[nodiscard]] bool takes_pointers() const noexcept { return active_ && !lent_; }
    [[nodiscard]] MotionPacer::Output output() const noexcept {
        return {*guest_, held_, settings_.max_delta};
    }

    ForwarderObserver& observer_;
    ForwarderSettings settings_;
    GuestInput* guest_ = nullptr; ///< while active or releasing
    bool active_ = false;
    bool lent_ = false;
    LedState leds_;

    PanicChord panic_;
    HotkeyMatcher matcher_;
    ButtonMap buttons_;
    KeyLedger ledger_;
    ButtonMask held_; ///< as the guest knows it
    Wheel wheel_;
    MotionPacer pacer_;
    LateReleases late_;
    unsigned keys_since_ack_ = 0; ///< messages
    ForwarderCounters counters_;  ///< all but `motions`
    std::optional<TimePoint> next_release_;
};

} // namespace spicykvm::core
