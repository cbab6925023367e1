// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bus.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <sdbus-c++/sdbus-c++.h>
#include <string>

namespace spicykvm::service {

/// What who plays and records must be allowed to do.
inline constexpr const char* kAudioAction = "org.spicykvm.Manager.audio";

enum class Verdict : std::uint8_t {
    Allowed,
    NeedsPassword, ///< somebody would have to be asked, and could not be
    Denied,        ///< also when polkit is absent or does not answer
};

struct PolkitQuestion {
    std::string sender;            ///< unique bus name of who is to be authorised
    std::string action;            ///< as in the .policy file
    std::string target;            ///< for rules and prompts: the detail "target"; may be empty
    std::string display{};         ///< likewise, "display"
    bool may_ask_password = false; ///< then the answer may take two minutes
};

/// Why polkit could not answer about `action`, and what to do, from its error's name and text. One
/// line; who is not root is refused meanwhile.
[[nodiscard]] std::string explain_polkit(const std::string& action, const std::string& name,
                                         const std::string& message);

/// A question under way. Dropping it withdraws it: polkit closes the password dialog, the callback
/// is not called.
class PolkitCheck {
  public:
    /// `error` is empty unless polkit itself failed. Called later, once; may drop the check.
    using Callback = std::function<void(Verdict verdict, const std::string& error)>;

    /// Throws sdbus::Error if the bus is gone.
    PolkitCheck(sdbus::IProxy& authority, const PolkitQuestion& question, std::string cancellation,
                Callback callback);
    PolkitCheck(const PolkitCheck&) = delete;
    PolkitCheck& operator=(const PolkitCheck&) = delete;
    ~PolkitCheck();

  private:
    void answer(Verdict verdict, const std::string& error);
    void withdraw() noexcept;

    sdbus::IProxy& authority_;
    std::string cancellation_;
    Callback callback_;
    sdbus::PendingAsyncCall call_;
    bool answered_ = false;
};

/// polkit's authority as one of its clients. Asks asynchronously always: a password prompt must not
/// hold up anything, least of all the way home.
class Polkit {
  public:
    explicit Polkit(Bus& bus);

    [[nodiscard]] std::unique_ptr<PolkitCheck> check(const PolkitQuestion& question,
                                                     PolkitCheck::Callback callback);

  private:
    std::unique_ptr<sdbus::IProxy> authority_;
    std::uint64_t questions_ = 0;
};

} // namespace spicykvm::service
