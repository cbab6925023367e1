// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <systemd/sd-bus.h>
#include <vector>

namespace spicykvm::test {

inline constexpr uid_t kNobody = 65534;

/// Lets the calling thread alone act as another user until the end of the scope; root only. Who
/// connects meanwhile is that user for the other side, for as long as the connection lives.
class ActAs {
  public:
    explicit ActAs(uid_t uid);
    ActAs(const ActAs&) = delete;
    ActAs& operator=(const ActAs&) = delete;
    ~ActAs();

  private:
    uid_t before_;
};

struct MethodName {
    const char* path;
    const char* interface;
    const char* member;
};

/// How a call ended. `error` is empty for success.
struct Outcome {
    std::string error;
    std::string message;
};

struct PropertyChange {
    std::string path;
    std::string interface;
    std::vector<std::string> names;
    bool operator==(const PropertyChange&) const = default;
};

/// A client of the service, over libsystemd alone: what the bus says, not what the project's own
/// classes make of it. Every wait ends after ten seconds with an exception.
class BusClient {
  public:
    /// As root `uid` may be anybody.
    explicit BusClient(std::optional<uid_t> uid = {});
    BusClient(const BusClient&) = delete;
    BusClient& operator=(const BusClient&) = delete;
    ~BusClient();

    [[nodiscard]] std::string unique_name() const;

    /// Waits until somebody has the name.
    void wait_for_name(const std::string& name);

    /// Sets the flag ALLOW_INTERACTIVE_AUTHORIZATION of later calls.
    void let_ask_password(bool allow) { interactive_ = allow; }

    /// A call that is under way; see wait(). `append` adds the arguments.
    using Append = std::function<void(sd_bus_message*)>;
    [[nodiscard]] int start(const MethodName& method, const Append& append = {});
    [[nodiscard]] Outcome wait(int call);
    [[nodiscard]] Outcome call(const MethodName& method, const Append& append = {}) {
        return wait(start(method, append));
    }
    [[nodiscard]] bool answered(int call) const { return outcomes_.contains(call); }

    /// A reply to read, or the error as an exception.
    using MessagePtr = std::unique_ptr<sd_bus_message, sd_bus_message* (*)(sd_bus_message*)>;
    [[nodiscard]] MessagePtr ask(const MethodName& method, const Append& append = {});
    [[nodiscard]] std::string property(const char* path, const char* interface, const char* name);

    /// Collects the signals that match from now on.
    void listen();
    /// Waits until everything that the service has sent so far is here.
    void sync();
    std::vector<PropertyChange> changes;            ///< PropertiesChanged
    std::vector<std::string> signals;               ///< "member path" of the others
    std::vector<std::vector<std::string>> switches; ///< SwitchFinished, flat

  private:
    static int on_reply(sd_bus_message* message, void* userdata, sd_bus_error*);
    static int on_signal(sd_bus_message* message, void* userdata, sd_bus_error*);
    void process_until(const std::function<bool()>& done);

    struct Waiting {
        BusClient* client;
        int number;
    };

    sd_bus* bus_ = nullptr;
    bool interactive_ = false;
    int last_call_ = 0;
    std::deque<Waiting> waiting_; // the addresses are libsystemd's userdata
    std::map<int, Outcome> outcomes_;
};

} // namespace spicykvm::test
