// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "service/status_map.h"

#include <sdbus-c++/sdbus-c++.h>
#include <string>
#include <variant>
#include <vector>

namespace spicykvm::service {

/// What a method gives back, if it is not nothing.
/// The socket of OpenChannel is without details.
using Answer = std::variant<std::monostate, Dictionary, std::vector<Dictionary>, sdbus::UnixFd>;

/// The answer that the caller of a method is owed. It is given exactly once: at the latest by the
/// destructor, with Cancelled. Must not outlive the connection.
class Reply {
  public:
    template <typename... Values>
    explicit Reply(sdbus::Result<Values...>&& result) : result_(std::move(result)), owed_(true) {}
    Reply(Reply&& other) noexcept;
    Reply& operator=(Reply&& other) noexcept = delete;
    ~Reply();

    /// `answer` has to be of the type that the method gives back.
    void done(const Answer& answer = {});
    void fail(const sdbus::Error& error);
    void fail(const Error& error);

  private:
    std::variant<sdbus::Result<>, sdbus::Result<Dictionary>, sdbus::Result<std::vector<Dictionary>>,
                 sdbus::Result<sdbus::UnixFd, Dictionary>>
        result_;
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
[[nodiscard]] Call current_call(const sdbus::IObject& object, Reply reply);
template <typename... Values>
[[nodiscard]] Call current_call(const sdbus::IObject& object, sdbus::Result<Values...>&& result) {
    return current_call(object, Reply(std::move(result)));
}

} // namespace spicykvm::service
