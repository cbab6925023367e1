// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "spice/common_messages.h"
#include "spice/framer.h"
#include "spice/main_messages.h"

#include <string>
#include <string_view>

namespace spicykvm::spice {

/// What the server says on main.
class MainObserver {
  public:
    virtual void on_init(const MainInit& init) = 0;
    virtual void on_channels(const ChannelsList& list) = 0;
    virtual void on_mouse_mode(const MouseMode& mode) = 0;
    virtual void on_name(const MainName& name) = 0;
    virtual void on_uuid(const MainUuid& uuid) = 0;
    /// Something for the debug log; already printable.
    virtual void on_remark(const std::string& remark) = 0;

  protected:
    ~MainObserver() = default;
};

/// The receiving half of a main channel: bytes in, calls of the observer and answers out. No
/// socket, no clock.
///
/// Migration is never followed: another host would get the same password. The server is told that
/// connecting to it failed, and that is the end of it; when the VM has moved, the connection ends.
class MainReader {
  public:
    /// Answers (acks, pongs) go to `out`. Both must outlive this.
    MainReader(OutBuffer& out, MainObserver& observer) noexcept
        : out_(out), observer_(observer), common_(out) {}

    /// False: the server broke the protocol, see error(); the connection is of no more use.
    [[nodiscard]] bool feed(ByteSpan bytes);
    [[nodiscard]] std::string_view error() const noexcept { return error_; }

  private:
    bool take(const Framer::Message& message);
    bool take_own(const Framer::Message& message);
    void take_notify(ByteSpan body);
    template <typename Message>
    bool deliver(ByteSpan body, void (MainObserver::*receiver)(const Message&), const char* error);

    OutBuffer& out_;
    MainObserver& observer_;
    Framer framer_;
    CommonMessages common_;
    std::string_view error_;
};

} // namespace spicykvm::spice
