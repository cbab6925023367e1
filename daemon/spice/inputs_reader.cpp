// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/inputs_reader.h"

#include "spice/inputs_messages.h"

#include <spice/protocol.h>

namespace spicykvm::spice {

bool InputsReader::feed(ByteSpan bytes, core::GuestInputObserver& observer,
                        TimePoint now) noexcept {
    while (const auto message = framer_.next(bytes)) {
        if (!take(*message, observer, now)) {
            return false;
        }
    }
    return !framer_.broken();
}

bool InputsReader::take(const Framer::Message& message, core::GuestInputObserver& observer,
                        TimePoint now) noexcept {
    const auto outcome = common_.take(message);
    if (outcome != CommonMessages::Outcome::NotCommon) {
        return outcome == CommonMessages::Outcome::Handled;
    }
    switch (message.type) {
    case SPICE_MSG_INPUTS_MOUSE_MOTION_ACK:
        observer.on_motion_ack(SPICE_INPUT_MOTION_ACK_BUNCH);
        return true;
    case SPICE_MSG_INPUTS_INIT:
    case SPICE_MSG_INPUTS_KEY_MODIFIERS: {
        const auto reported = parse_modifiers(message.body);
        if (!reported) {
            return false;
        }
        if (const auto leds = leds_.on_report(*reported, now)) {
            observer.on_leds(*leds);
        }
        return true;
    }
    default:
        // A newer server may say more than is known here.
        return true;
    }
}

} // namespace spicykvm::spice
