// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"
#include "core/guest_input.h"
#include "core/hotkey.h"

#include <optional>

namespace spicykvm::core {

/// What the forwarder decides; called from inside its functions, on the input thread.
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
};

/// All of the input path that is decision: panic chord, hotkeys, key ledger, wheel, motion pacing.
/// Pure: events and time come in by argument, bytes go out through the GuestInput. No function
/// allocates after the constructor and set_hotkeys(). Pipeline of an event: panic chord -> hotkey
/// matcher (withhold, swallow, replay) -> ledger -> pacer
/// -> GuestInput.
class Forwarder final : public GuestInputObserver {
  public:
    explicit Forwarder(ForwarderObserver& observer, ForwarderSettings settings = {});

    /// `table` must outlive its use. A gesture under way is dropped: what it withheld is replayed
    /// first.
    void set_hotkeys(const HotkeyTable& table);
    void set_settings(const ForwarderSettings& settings) noexcept { settings_ = settings; }

    /// Inactive -> active: from now on everything but hotkeys goes to `guest`, starting with
    /// MOTION(0, 0, no buttons) which clears buttons an earlier client left down. `current` enables
    /// and disables hotkeys by context.
    void enter(GuestInput& guest, TargetId current);
    /// Active -> inactive: stops at once; pending motion is dropped, what the guest holds is
    /// released in steps (see deadline()). Returns how many keys and buttons are to be released.
    unsigned leave(TimePoint now);
    [[nodiscard]] bool active() const noexcept;
    /// The guest's connection is gone: forgets it, sends nothing.
    void drop_guest() noexcept;
    /// True while releases are still owed to the guest after leave(). Entering the same guest again
    /// sends the rest first.
    [[nodiscard]] bool releasing() const noexcept;

    /// Pointer events are ignored while the mouse is lent to the host; its buttons are released
    /// first.
    void lend_pointers(bool lent, TimePoint now);

    /// One event of an open device. EV_SYN/SYN_REPORT ends a packet: motion is summed up to it.
    void on_event(DeviceSlot device, const Event& event);
    /// After each batch read from a descriptor: sends what is due. One send() per batch.
    GuestInput::Io flush() noexcept;
    /// After SYN_DROPPED: `down` is what the kernel says is down on the device now (EVIOCGKEY).
    void on_resync(DeviceSlot device, const KeySet& down, TimePoint now);
    /// The device is gone: its keys are released for the guest at once.
    void on_device_gone(DeviceSlot device, TimePoint now);

    /// When on_deadline() wants to be called: undecided gestures, paced releases.
    [[nodiscard]] std::optional<TimePoint> deadline() const noexcept;
    void on_deadline(TimePoint now);

    /// Motions the server has not acknowledged yet; a steady non-zero value means that it has
    /// stalled.
    [[nodiscard]] unsigned unacknowledged() const noexcept;

    void on_motion_ack(unsigned count) noexcept override;
    void on_leds(LedState leds) noexcept override;
    [[nodiscard]] LedState leds() const noexcept;

  private:
    ForwarderSettings settings_;
};

} // namespace spicykvm::core
