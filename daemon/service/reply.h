// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"

#include <sdbus-c++/sdbus-c++.h>
#include <string>

namespace spicykvm::service {

/// The answer that the caller of a method is owed. It is given exactly once: at the latest by the
/// destructor, with Cancelled. Must not outlive the connection.
class Reply {
  public:
    explicit Reply(sdbus::Result<>&& result) : result_(std::move(result)), owed_(true) {}
    Reply(Reply&& other) noexcept;
    Reply& operator=(Reply&& other) noexcept = delete;
    ~Reply();

    void done();
    void fail(const sdbus::Error& error);
    void fail(const Error& error);

  private:
    sdbus::Result<> result_;
    bool owed_;
};

/// A method call that acts: who makes it, and the answer.
struct Call {
    std::string sender; ///< unique bus name
    /// The caller waits, and lets a password be asked for.
    bool may_ask_password = false;
    Reply reply;
};

/// The call that `object` is handling. Only inside the handler.
[[nodiscard]] Call current_call(const sdbus::IObject& object, sdbus::Result<>&& result);

} // namespace spicykvm::service
