// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/common_messages.h"

#include "spice/messages.h"

#include <spice/enums.h>

namespace spicykvm::spice {

CommonMessages::Outcome CommonMessages::take(const Framer::Message& message) noexcept {
    if (message.type != SPICE_MSG_SET_ACK) {
        count_message();
    }
    switch (message.type) {
    case SPICE_MSG_SET_ACK:
        return set_ack(message.body);
    case SPICE_MSG_PING:
        return ping(message.body);
    case SPICE_MSG_MIGRATE:
        return migrate(message.body);
    case SPICE_MSG_LIST:
        // Sub-messages exist only behind the old header.
        return Outcome::Malformed;
    case SPICE_MSG_MIGRATE_DATA:
    case SPICE_MSG_WAIT_FOR_CHANNELS:
    case SPICE_MSG_DISCONNECTING: // the end of the stream follows
        return Outcome::Handled;
    default:
        return Outcome::NotCommon;
    }
}

CommonMessages::Outcome CommonMessages::set_ack(ByteSpan body) noexcept {
    const auto message = SetAck::parse(body);
    if (!message) {
        return Outcome::Malformed;
    }
    window_ = message->window;
    since_ack_ = 0;
    out_.append(encode_message(SPICE_MSGC_ACK_SYNC, message->generation));
    return Outcome::Handled;
}

CommonMessages::Outcome CommonMessages::ping(ByteSpan body) noexcept {
    const auto message = Ping::parse(body);
    if (!message) {
        return Outcome::Malformed;
    }
    out_.append(encode_message(SPICE_MSGC_PONG, message->id, message->timestamp));
    return Outcome::Handled;
}

CommonMessages::Outcome CommonMessages::migrate(ByteSpan body) noexcept {
    const auto message = Migrate::parse(body);
    if (!message) {
        return Outcome::Malformed;
    }
    if ((message->flags & SPICE_MIGRATE_NEED_FLUSH) != 0) {
        out_.append(encode_message(SPICE_MSGC_MIGRATE_FLUSH_MARK));
    }
    return Outcome::Handled;
}

void CommonMessages::count_message() noexcept {
    if (window_ == 0) {
        return;
    }
    // Not "==": a new, smaller window must not be stepped over.
    if (++since_ack_ >= window_) {
        since_ack_ = 0;
        out_.append(encode_message(SPICE_MSGC_ACK));
    }
}

} // namespace spicykvm::spice
