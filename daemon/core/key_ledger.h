// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/event.h"
#include "core/key_holders.h"

#include <optional>

namespace spicykvm::core {

/// What the guest holds: every key and button that was sent down, and for which devices. Sends
/// nothing itself. A key is owed when the guest has it down and no device holds it any more.
class KeyLedger {
  public:
    enum class Press {
        Nothing,        ///< the guest has it down already
        Send,           ///< send the press
        ReleaseAndSend, ///< its release was still owed: send that first
    };
    [[nodiscard]] Press press(DeviceSlot device, KeyCode code) noexcept;
    /// True: send the release. False for a key that another device holds or that this one never
    /// sent.
    [[nodiscard]] bool release(DeviceSlot device, KeyCode code) noexcept;
    /// True: send the repeat.
    [[nodiscard]] bool repeats(DeviceSlot device, KeyCode code) const noexcept {
        return holders_.held_by(device, code);
    }

    /// What only this device held is owed from now on.
    void release_device(DeviceSlot device) noexcept;
    /// Everything that the guest has down is owed.
    void release_all() noexcept;
    void release_buttons() noexcept;

    [[nodiscard]] unsigned owed() const noexcept { return owed_; }
    /// One owed button or key, which is up for the ledger now.
    [[nodiscard]] std::optional<KeyCode> take_owed_button() noexcept;
    [[nodiscard]] std::optional<KeyCode> take_owed_key() noexcept;

    [[nodiscard]] bool is_down(KeyCode code) const noexcept { return down_.test(raw(code)); }
    /// The connection is gone, and with it what the guest held.
    void clear() noexcept;

  private:
    void owe(KeyCode code) noexcept;
    template <typename Wanted>
    std::optional<KeyCode> take_owed(Wanted wanted) noexcept;

    KeyHolders holders_;
    KeySet down_; ///< for the guest
    unsigned owed_ = 0;
};

} // namespace spicykvm::core
