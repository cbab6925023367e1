// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/polkit.h"

#include "base/log.h"
#include "base/sdbus_compat.h"

#include <chrono>
#include <map>
#include <utility>

namespace spicykvm::service {

namespace {

constexpr const char* kService = "org.freedesktop.PolicyKit1";
constexpr const char* kPath = "/org/freedesktop/PolicyKit1/Authority";
constexpr const char* kInterface = "org.freedesktop.PolicyKit1.Authority";

constexpr const char* kNoReply = "org.freedesktop.DBus.Error.NoReply";

constexpr std::uint32_t kAllowUserInteraction = 1; // CheckAuthorizationFlags
/// Longer than a person needs for a password; the usual 25 s are not.
constexpr std::chrono::seconds kPromptTimeout{120};
/// Nobody is asked: polkit answers within milliseconds, or after it has been started.
constexpr std::chrono::seconds kCheckTimeout{10};

using Subject = sdbus::Struct<std::string, std::map<std::string, sdbus::Variant>>;
/// is_authorized, is_challenge, details
using AuthorizationResult = sdbus::Struct<bool, bool, std::map<std::string, std::string>>;

Verdict to_verdict(const AuthorizationResult& answer) {
    if (std::get<0>(answer)) {
        return Verdict::Allowed;
    }
    return std::get<1>(answer) ? Verdict::NeedsPassword : Verdict::Denied;
}

} // namespace

std::string explain_polkit(const std::string& action, const std::string& name,
                           const std::string& message) {
    const bool is_absent = name == "org.freedesktop.DBus.Error.ServiceUnknown" ||
                           name == "org.freedesktop.DBus.Error.NameHasNoOwner" ||
                           name.starts_with("org.freedesktop.DBus.Error.Spawn.") ||
                           name.starts_with("org.freedesktop.systemd1.");
    if (is_absent) {
        return "polkit is not installed, or does not start: install polkitd, or see systemctl "
               "status "
               "polkit";
    }
    // It lets root ask about others, and the owner of an action that it knows.
    if (message.starts_with("Only trusted callers")) {
        return "polkit does not know " + action +
               ", or not that user spicykvm asks about it: is org.spicykvm.Manager.policy in "
               "/usr/share/polkit-1/actions?";
    }
    if (name == kNoReply || name == "org.freedesktop.DBus.Error.Timeout") {
        return "polkit does not answer: systemctl restart polkit";
    }
    return "polkit can't tell about " + action + ": " + message;
}

PolkitCheck::PolkitCheck(sdbus::IProxy& authority, const PolkitQuestion& question,
                         std::string cancellation, Callback callback)
    : authority_(authority), cancellation_(std::move(cancellation)),
      callback_(std::move(callback)) {
    const Subject subject{"system-bus-name", {{"name", sdbus::Variant(question.sender)}}};
    std::map<std::string, std::string> details;
    if (!question.target.empty()) {
        details.emplace("target", question.target);
    }
    if (!question.display.empty()) {
        details.emplace("display", question.display);
    }
    const std::uint32_t flags = question.may_ask_password ? kAllowUserInteraction : 0;
    const std::string action = question.action;
    call_ = authority_.callMethodAsync("CheckAuthorization")
                .onInterface(kInterface)
                .withTimeout(question.may_ask_password ? kPromptTimeout : kCheckTimeout)
                .withArguments(subject, question.action, details, flags, cancellation_)
                .uponReplyInvoke(
                    [this, action](compat::AsyncError error, const AuthorizationResult& reply) {
                        if (error) {
                            if (error->getName() == kNoReply) { // the dialog may still be open
                                withdraw();
                            }
                            answer(Verdict::Denied,
                                   explain_polkit(action, error->getName(), error->getMessage()));
                        } else {
                            answer(to_verdict(reply), {});
                        }
                    });
}

PolkitCheck::~PolkitCheck() {
    if (!answered_) {
        call_.cancel();
        withdraw();
    }
}

void PolkitCheck::withdraw() noexcept {
    try {
        authority_.callMethodAsync("CancelCheckAuthorization")
            .onInterface(kInterface)
            .withArguments(cancellation_)
            .uponReplyInvoke([](compat::AsyncError) {}); // an error: polkit has just answered
    } catch (const sdbus::Error& error) {
        log("service").debug("withdraw a question to polkit: {}, ignoring", error.what());
    }
}

void PolkitCheck::answer(Verdict verdict, const std::string& error) {
    answered_ = true;
    const auto callback = std::move(callback_); // it may drop this object
    callback(verdict, error);
}

Polkit::Polkit(Bus& bus)
    : authority_(sdbus::createProxy(bus.connection(), compat::ServiceName(kService),
                                    sdbus::ObjectPath(kPath))) {
    compat::finish_registration(*authority_);
}

std::unique_ptr<PolkitCheck> Polkit::check(const PolkitQuestion& question,
                                           PolkitCheck::Callback callback) {
    // Unique for this connection, which is all that polkit asks for.
    auto cancellation = "spicykvm-" + std::to_string(++questions_);
    return std::make_unique<PolkitCheck>(*authority_, question, std::move(cancellation),
                                         std::move(callback));
}

} // namespace spicykvm::service
