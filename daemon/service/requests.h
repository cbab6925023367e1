// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/control_port.h"
#include "service/callers.h"
#include "service/polkit.h"
#include "service/reply.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace spicykvm::service {

/// Every method that acts, in this order: validate; already so? reply; who asks; may he; validate
/// again, since a prompt takes its time; act; reply. Nothing happens before all of that is passed.
/// Who may do what is in org.spicykvm.Manager.xml.
class Requests {
  public:
    Requests(Bus& bus, core::ControlPort& port);
    Requests(const Requests&) = delete;
    Requests& operator=(const Requests&) = delete;
    ~Requests();

    /// Empty `target`: the default one.
    void activate(Call call, const std::string& target);
    void deactivate(Call call);
    void toggle(Call call);
    void reload(Call call);
    /// Who waits for leave to activate gets Cancelled; his prompt is closed.
    void withdraw_activations();

    /// What is left to do once the caller may: calls `done` once, maybe from inside.
    using Done = std::function<void(const Result<Answer>&)>;
    using Work = std::function<void(Done done)>;
    /// What everybody may, but not too often at once.
    void look(Call call, Work work);
    /// `display`: for rules, prompts and nothing else. `abandon`: ends the work, which calls
    /// `done`; it is called when the caller has left the bus.
    void use_display(Call call, const std::string& display, Work work,
                     std::function<void()> abandon = {});
    /// Never asks for a password.
    void use_audio(Call call, const std::string& target, Work work);

  private:
    enum class Action : std::uint8_t {
        Activate,
        Deactivate,
        Configure,
        Look,
        UseDisplay,
        UseAudio,
    };
    enum class Stage : std::uint8_t { Asking, Acting };
    using Id = std::uint64_t;

    struct Request {
        Action action;
        std::string target; ///< or display
        Call call;
        Work work;
        std::function<void()> abandon;
        Stage stage = Stage::Asking;
        std::optional<uid_t> uid{};
        std::unique_ptr<UidLookup> lookup{};
        std::unique_ptr<PolkitCheck> check{};
    };

    void submit(Action action, std::string target, Call call, Work work = {},
                std::function<void()> abandon = {});
    /// How many requests are under way that share their limit with this kind.
    [[nodiscard]] std::size_t rivals(Action action) const;
    void on_uid(Id id, std::optional<uid_t> uid);
    [[nodiscard]] bool allowed_without_polkit(const Request& request) const;
    [[nodiscard]] static const char* polkit_action(Action action);
    void ask_polkit(Id id);
    void on_verdict(Id id, Verdict verdict, const std::string& error);
    void act(Id id);
    void act_activate(Id id);
    void act_deactivate(Id id);
    void act_reload(Id id);
    void do_work(Id id);

    void finish(Id id, const Result<void>& result);
    void answer(Id id, const Result<Answer>& result);
    void refuse(Id id, const sdbus::Error& error);
    /// What the switch calls when it is done; does nothing once this object is gone.
    [[nodiscard]] core::ControlPort::SwitchDone when_switched(Id id);

    void on_gone(const std::string& sender);
    [[nodiscard]] std::size_t count(Action action, std::optional<uid_t> uid) const;
    [[nodiscard]] bool only_asked_by(uid_t uid) const;
    void note_polkit(const std::string& error);

    Bus& bus_;
    core::ControlPort& port_;
    Callers callers_;
    Polkit polkit_;
    std::map<Id, Request> requests_;
    Id last_id_ = 0;
    bool polkit_works_ = true;
    /// Expires with this object.
    std::shared_ptr<Requests*> self_;
};

} // namespace spicykvm::service
