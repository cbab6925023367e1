// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/requests.h"

#include "base/log.h"
#include "service/errors.h"
#include "spicykvm-dbus/names.h"

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace spicykvm::service {

namespace {

/// Requests under way at once, by everybody and by one user. The way home has its own, larger
/// limit: it must not be shut by others who knock at the way there.
constexpr std::size_t kMaxRequests = 32;
constexpr std::size_t kMaxDeactivations = 128;
constexpr std::size_t kMaxOfOneUser = 8;

constexpr uid_t kRoot = 0;

Result<void> check_target(const core::StatusSnapshot& status, const std::string& name) {
    if (name.empty()) {
        return fail(ErrorCode::NotFound, "no target is configured");
    }
    const bool known = std::any_of(status.targets.begin(), status.targets.end(),
                                   [&](const auto& target) { return target.name == name; });
    if (!known) {
        return fail(ErrorCode::NotFound,
                    "no target is named \"" + name.substr(0, kMaxQuotedName) + "\"");
    }
    return {};
}

bool is_there(const core::StatusSnapshot& status, const std::string& target) {
    return status.state == core::SwitchState::Active && status.active_target == target;
}

sdbus::Error too_many() {
    return to_bus_error(dbus::kErrorLimitsExceeded, "too many calls wait for their authorisation");
}

} // namespace

Requests::Requests(Bus& bus, core::ControlPort& port)
    : bus_(bus), port_(port), callers_(bus, [this](const std::string& name) { on_gone(name); }),
      polkit_(bus), self_(std::make_shared<Requests*>(this)) {}

Requests::~Requests() = default;

void Requests::activate(Call call, const std::string& target) {
    const auto status = port_.status();
    const std::string& wanted = target.empty() ? status.default_target : target;
    if (const auto known = check_target(status, wanted); !known) {
        call.reply.fail(known.error());
    } else if (is_there(status, wanted)) {
        call.reply.done();
    } else if (!status.blocked.empty()) { // before anybody types a password for it
        call.reply.fail(Error{ErrorCode::Blocked, status.blocked});
    } else {
        submit(Action::Activate, wanted, std::move(call));
    }
}

void Requests::deactivate(Call call) {
    if (port_.status().state == core::SwitchState::Inactive &&
        count(Action::Activate, std::nullopt) == 0) {
        call.reply.done();
        return;
    }
    call.may_ask_password = false; // the keyboard may be in the VM: nobody could type it
    submit(Action::Deactivate, {}, std::move(call));
}

void Requests::toggle(Call call) {
    const auto state = port_.status().state;
    if (state == core::SwitchState::Active || state == core::SwitchState::Activating) {
        deactivate(std::move(call));
    } else {
        activate(std::move(call), {});
    }
}

void Requests::reload(Call call) {
    submit(Action::Configure, {}, std::move(call));
}

void Requests::look(Call call, Work work) {
    submit(Action::Look, {}, std::move(call), std::move(work));
}

void Requests::use_display(Call call, const std::string& display, Work work,
                           std::function<void()> abandon) {
    submit(Action::UseDisplay, display.substr(0, kMaxQuotedName), std::move(call), std::move(work),
           std::move(abandon));
}

void Requests::use_audio(Call call, const std::string& target, Work work) {
    call.may_ask_password = false;
    submit(Action::UseAudio, target.substr(0, kMaxQuotedName), std::move(call), std::move(work));
}

std::size_t Requests::rivals(Action action) const {
    switch (action) {
    case Action::Deactivate:
        return count(action, std::nullopt);
    case Action::Activate:
    case Action::Configure:
        return count(Action::Activate, std::nullopt) + count(Action::Configure, std::nullopt);
    case Action::UseAudio:
        return count(action, std::nullopt);
    case Action::Look:
    case Action::UseDisplay:
        return count(Action::Look, std::nullopt) + count(Action::UseDisplay, std::nullopt);
    }
    return 0;
}

void Requests::submit(Action action, std::string target, Call call, Work work,
                      std::function<void()> abandon) {
    if (rivals(action) >= (action == Action::Deactivate ? kMaxDeactivations : kMaxRequests)) {
        call.reply.fail(too_many());
        return;
    }
    const Id id = ++last_id_;
    auto& request = requests_
                        .emplace(id, Request{action, std::move(target), std::move(call),
                                             std::move(work), std::move(abandon)})
                        .first->second;
    try {
        request.lookup = callers_.look_up(
            request.call.sender, [this, id](std::optional<uid_t> uid) { on_uid(id, uid); });
    } catch (const sdbus::Error& error) {
        refuse(id, error);
    }
}

void Requests::on_uid(Id id, std::optional<uid_t> uid) {
    auto& request = requests_.at(id);
    request.lookup.reset();
    if (!uid) {
        refuse(id, to_bus_error(dbus::kErrorAccessDenied, "the bus does not know the caller"));
        return;
    }
    if (count(request.action, uid) >= kMaxOfOneUser) {
        refuse(id, too_many());
        return;
    }
    request.uid = uid;
    if (allowed_without_polkit(request)) {
        act(id);
    } else if (bus_.kind() == BusKind::Session) {
        refuse(id, to_bus_error(dbus::kErrorAccessDenied, "this spicykvmd serves its own user"));
    } else {
        ask_polkit(id);
    }
}

bool Requests::allowed_without_polkit(const Request& request) const {
    const uid_t uid = *request.uid;
    if (uid == kRoot || (bus_.kind() == BusKind::Session && uid == ::geteuid())) {
        return true;
    }
    if (request.action == Action::Look) {
        return true;
    }
    if (request.action != Action::Deactivate) {
        return false;
    }
    const auto status = port_.status();
    return status.state == core::SwitchState::Inactive ? only_asked_by(uid)
                                                       : status.activator == uid;
}

const char* Requests::polkit_action(Action action) {
    switch (action) {
    case Action::Activate:
        return "org.spicykvm.Manager.activate";
    case Action::Deactivate:
        return "org.spicykvm.Manager.deactivate";
    case Action::UseDisplay:
        return "org.spicykvm.Manager.ddc";
    case Action::UseAudio:
        return kAudioAction;
    case Action::Configure:
    case Action::Look:
        break;
    }
    return "org.spicykvm.Manager.configure";
}

void Requests::ask_polkit(Id id) {
    auto& request = requests_.at(id);
    PolkitQuestion question;
    question.sender = request.call.sender;
    question.action = polkit_action(request.action);
    auto& detail = request.action == Action::UseDisplay ? question.display : question.target;
    detail = utf8(request.target);
    question.may_ask_password = request.call.may_ask_password;
    try {
        request.check =
            polkit_.check(question, [this, id](Verdict verdict, const std::string& error) {
                on_verdict(id, verdict, error);
            });
    } catch (const sdbus::Error& error) {
        refuse(id, error);
    }
}

void Requests::on_verdict(Id id, Verdict verdict, const std::string& error) {
    requests_.at(id).check.reset();
    note_polkit(error);
    switch (verdict) {
    case Verdict::Allowed:
        act(id);
        return;
    case Verdict::NeedsPassword:
        refuse(id, to_bus_error(dbus::kErrorInteractionRequired,
                                "a password would be needed, and nobody can be asked for it"));
        return;
    case Verdict::Denied:
        refuse(id, to_bus_error(dbus::kErrorAccessDenied, error.empty()
                                                              ? "polkit does not allow it"
                                                              : "only root may do this: " + error));
        return;
    }
}

void Requests::act(Id id) {
    auto& request = requests_.at(id);
    request.stage = Stage::Acting;
    switch (request.action) {
    case Action::Activate:
        return act_activate(id);
    case Action::Deactivate:
        return act_deactivate(id);
    case Action::Configure:
        return act_reload(id);
    case Action::Look:
    case Action::UseDisplay:
    case Action::UseAudio:
        return do_work(id);
    }
}

void Requests::act_activate(Id id) {
    const auto& request = requests_.at(id);
    const std::string target = request.target;
    const core::Origin origin{request.call.sender, request.uid};
    const auto status = port_.status();
    if (const auto known = check_target(status, target); !known) {
        finish(id, known);
    } else if (is_there(status, target)) {
        finish(id, {});
    } else {
        log("service").info("uid {} asks for target \"{}\"", *origin.uid, target);
        port_.activate(target, origin, when_switched(id));
    }
}

void Requests::act_deactivate(Id id) {
    const auto& request = requests_.at(id);
    const core::Origin origin{request.call.sender, request.uid};
    withdraw_activations();
    if (port_.status().state == core::SwitchState::Inactive) {
        finish(id, {});
        return;
    }
    log("service").info("uid {} asks for the way home", *origin.uid);
    port_.deactivate(origin, when_switched(id));
}

void Requests::act_reload(Id id) {
    log("service").info("uid {} asks for a reload", *requests_.at(id).uid);
    port_.reload([weak = std::weak_ptr(self_), id](Result<void> result) {
        if (const auto self = weak.lock()) {
            (*self)->finish(id, result);
        }
    });
}

void Requests::do_work(Id id) {
    const auto& request = requests_.at(id);
    if (request.action == Action::UseDisplay) {
        log("service").info("uid {} talks to a monitor", *request.uid);
    }
    const Work work = request.work; // which may end the request at once
    work([weak = std::weak_ptr(self_), id](const Result<Answer>& result) {
        if (const auto self = weak.lock()) {
            (*self)->answer(id, result);
        }
    });
}

core::ControlPort::SwitchDone Requests::when_switched(Id id) {
    return [weak = std::weak_ptr(self_), id](const Result<core::SwitchReport>& result) {
        if (const auto self = weak.lock()) {
            (*self)->finish(id, result ? Result<void>() : tl::make_unexpected(result.error()));
        }
    };
}

void Requests::finish(Id id, const Result<void>& result) {
    answer(id, result.map([] { return Answer(); }));
}

void Requests::answer(Id id, const Result<Answer>& result) {
    auto node = requests_.extract(id);
    if (!node) {
        return;
    }
    if (result) {
        node.mapped().call.reply.done(*result);
    } else {
        node.mapped().call.reply.fail(result.error());
    }
}

void Requests::refuse(Id id, const sdbus::Error& error) {
    auto node = requests_.extract(id);
    node.mapped().call.reply.fail(error);
}

void Requests::on_gone(const std::string& sender) {
    std::erase_if(requests_, [&](const auto& entry) {
        return entry.second.stage == Stage::Asking && entry.second.call.sender == sender;
    });
    std::vector<std::function<void()>> abandoned; // which may end requests
    for (const auto& [id, request] : requests_) {
        if (request.abandon && request.call.sender == sender) {
            abandoned.push_back(request.abandon);
        }
    }
    for (const auto& abandon : abandoned) {
        abandon();
    }
}

void Requests::withdraw_activations() {
    for (auto entry = requests_.begin(); entry != requests_.end();) {
        auto& request = entry->second;
        if (request.action == Action::Activate && request.stage == Stage::Asking) {
            request.call.reply.fail(
                Error{ErrorCode::Cancelled, "keyboard and mouse were called home meanwhile"});
            entry = requests_.erase(entry);
        } else {
            ++entry;
        }
    }
}

std::size_t Requests::count(Action action, std::optional<uid_t> uid) const {
    return static_cast<std::size_t>(
        std::count_if(requests_.begin(), requests_.end(), [&](const auto& entry) {
            return entry.second.action == action && (!uid || entry.second.uid == uid);
        }));
}

bool Requests::only_asked_by(uid_t uid) const {
    return std::all_of(requests_.begin(), requests_.end(), [&](const auto& entry) {
        return entry.second.action != Action::Activate || entry.second.uid == uid;
    });
}

void Requests::note_polkit(const std::string& error) {
    // Once, not for each call that anybody may make.
    if (polkit_works_ && !error.empty()) {
        log("service").warn("{}; refusing all but root", error);
    }
    polkit_works_ = error.empty();
}

} // namespace spicykvm::service
