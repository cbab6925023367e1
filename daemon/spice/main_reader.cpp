// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/main_reader.h"

#include "base/text.h"

namespace spicykvm::spice {

bool MainReader::feed(ByteSpan bytes) {
    while (const auto message = framer_.next(bytes)) {
        if (!take(*message)) {
            return false;
        }
    }
    if (framer_.broken()) {
        error_ = "a message is too large";
    }
    return !framer_.broken();
}

bool MainReader::take(const Framer::Message& message) {
    switch (common_.take(message)) {
    case CommonMessages::Outcome::Handled:
        return true;
    case CommonMessages::Outcome::NotCommon:
        return take_own(message);
    case CommonMessages::Outcome::Malformed:
        error_ = "a message is malformed";
        return false;
    }
    return false;
}

bool MainReader::take_own(const Framer::Message& message) {
    switch (message.type) {
    case SPICE_MSG_MAIN_INIT:
        return deliver(message.body, &MainObserver::on_init, "INIT is malformed");
    case SPICE_MSG_MAIN_CHANNELS_LIST:
        return deliver(message.body, &MainObserver::on_channels, "CHANNELS_LIST is malformed");
    case SPICE_MSG_MAIN_MOUSE_MODE:
        return deliver(message.body, &MainObserver::on_mouse_mode, "MOUSE_MODE is malformed");
    case SPICE_MSG_MAIN_NAME:
        return deliver(message.body, &MainObserver::on_name, "NAME is malformed");
    case SPICE_MSG_MAIN_UUID:
        return deliver(message.body, &MainObserver::on_uuid, "UUID is malformed");
    case SPICE_MSG_NOTIFY:
        take_notify(message.body);
        return true;
    case SPICE_MSG_MAIN_MIGRATE_BEGIN:
    case SPICE_MSG_MAIN_MIGRATE_BEGIN_SEAMLESS:
        // Only asked of who says that he can, which this client does not.
        observer_.on_remark("the VM is to migrate; not followed");
        out_.append(encode_migrate_connect_error());
        return true;
    case SPICE_MSG_MAIN_MIGRATE_SWITCH_HOST:
        observer_.on_remark("the VM has migrated; not followed");
        return true;
    default:
        // The agent, the multimedia time, the rest of migration, and what newer servers say.
        return true;
    }
}

template <typename Message>
bool MainReader::deliver(ByteSpan body, void (MainObserver::*receiver)(const Message&),
                         const char* error) {
    const auto message = Message::parse(body);
    if (!message) {
        error_ = error;
        return false;
    }
    (observer_.*receiver)(*message);
    return true;
}

void MainReader::take_notify(ByteSpan body) {
    if (const auto notify = Notify::parse(body)) {
        // Not a warning, whatever its severity: servers warn of a keyboard without TLS even on a
        // unix socket.
        observer_.on_remark("the server says: " + printable(notify->text));
    }
}

} // namespace spicykvm::spice
