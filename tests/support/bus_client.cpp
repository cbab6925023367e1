// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/bus_client.h"

#include "spicykvm-dbus/names.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace spicykvm::test {

namespace {

constexpr std::chrono::seconds kPatience{10};

int check(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(-result, std::generic_category(), what);
    }
    return result;
}

/// The raw call: glibc's would change every thread of the process.
void set_thread_euid(uid_t uid) {
    if (::syscall(SYS_setresuid, -1, uid, -1) != 0) {
        throw std::system_error(errno, std::generic_category(), "setresuid");
    }
}

std::vector<std::string> read_names(sd_bus_message* message) {
    std::vector<std::string> names;
    check(sd_bus_message_enter_container(message, 'a', "{sv}"), "a{sv}");
    while (sd_bus_message_enter_container(message, 'e', "sv") > 0) {
        const char* name = nullptr;
        check(sd_bus_message_read(message, "s", &name), "s");
        names.emplace_back(name);
        check(sd_bus_message_skip(message, "v"), "v");
        check(sd_bus_message_exit_container(message), "exit");
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<std::string> read_switch(sd_bus_message* message) {
    const char* first = nullptr;
    const char* second = nullptr;
    const char* third = nullptr;
    check(sd_bus_message_read(message, "ss", &first, &second), "ss");
    std::vector<std::string> flat{first, second};
    check(sd_bus_message_enter_container(message, 'a', "(sss)"), "a(sss)");
    while (sd_bus_message_read(message, "(sss)", &first, &second, &third) > 0) {
        flat.insert(flat.end(), {first, second, third});
    }
    return flat;
}

} // namespace

ActAs::ActAs(uid_t uid) : before_(::geteuid()) {
    set_thread_euid(uid);
}

ActAs::~ActAs() {
    set_thread_euid(before_);
}

BusClient::BusClient(std::optional<uid_t> uid) {
    std::optional<ActAs> act_as;
    if (uid) {
        act_as.emplace(*uid);
    }
    check(sd_bus_open_system(&bus_), "sd_bus_open_system");
    (void)unique_name(); // the bus daemon has greeted: it knows the user now
}

BusClient::~BusClient() {
    sd_bus_close_unref(bus_);
}

std::string BusClient::unique_name() const {
    const char* name = nullptr;
    check(sd_bus_get_unique_name(bus_, &name), "sd_bus_get_unique_name");
    return name;
}

void BusClient::wait_for_name(const std::string& name) {
    bool appeared = false;
    const auto on_change = [](sd_bus_message*, void* userdata, sd_bus_error*) {
        *static_cast<bool*>(userdata) = true;
        return 0;
    };
    sd_bus_slot* slot = nullptr;
    const std::string rule = "type='signal',sender='org.freedesktop.DBus',"
                             "member='NameOwnerChanged',arg0='" +
                             name + "'";
    check(sd_bus_add_match(bus_, &slot, rule.c_str(), on_change, &appeared), "sd_bus_add_match");
    if (sd_bus_get_name_creds(bus_, name.c_str(), 0, nullptr) < 0) {
        process_until([&] { return appeared; });
    }
    sd_bus_slot_unref(slot);
}

int BusClient::start(const MethodName& method, const Append& append) {
    sd_bus_message* message = nullptr;
    check(sd_bus_message_new_method_call(bus_, &message, dbus::kBusName, method.path,
                                         method.interface, method.member),
          "new_method_call");
    const MessagePtr owner(message, sd_bus_message_unref);
    check(sd_bus_message_set_allow_interactive_authorization(message, interactive_), "flag");
    if (append) {
        append(message);
    }
    waiting_.push_back({this, ++last_call_});
    check(sd_bus_call_async(bus_, nullptr, message, on_reply, &waiting_.back(), UINT64_MAX),
          "sd_bus_call_async");
    check(sd_bus_flush(bus_), "sd_bus_flush");
    return last_call_;
}

Outcome BusClient::wait(int call) {
    process_until([&] { return answered(call); });
    return outcomes_.at(call);
}

BusClient::MessagePtr BusClient::ask(const MethodName& method, const Append& append) {
    sd_bus_message* message = nullptr;
    check(sd_bus_message_new_method_call(bus_, &message, dbus::kBusName, method.path,
                                         method.interface, method.member),
          "new_method_call");
    const MessagePtr call(message, sd_bus_message_unref);
    if (append) {
        append(message);
    }
    sd_bus_message* reply = nullptr;
    sd_bus_error error{};
    if (sd_bus_call(bus_, message, 10'000'000, &error, &reply) < 0) {
        std::string text = std::string(error.name) + ": " + error.message;
        sd_bus_error_free(&error);
        throw std::runtime_error(text);
    }
    return {reply, sd_bus_message_unref};
}

std::string BusClient::property(const char* path, const char* interface, const char* name) {
    const auto reply = ask({path, "org.freedesktop.DBus.Properties", "Get"}, [&](auto* message) {
        check(sd_bus_message_append(message, "ss", interface, name), "ss");
    });
    const char* value = nullptr;
    check(sd_bus_message_read(reply.get(), "v", "s", &value), "v");
    return value;
}

void BusClient::listen() {
    const std::string rule = std::string("type='signal',path_namespace='") + dbus::kRootPath + "'";
    check(sd_bus_add_match(bus_, nullptr, rule.c_str(), on_signal, this), "sd_bus_add_match");
}

void BusClient::sync() {
    // Messages of one sender keep their order: what it sent before this answer is here before it.
    const auto outcome = call({dbus::kManagerPath, "org.freedesktop.DBus.Peer", "Ping"});
    if (!outcome.error.empty()) {
        throw std::runtime_error(outcome.error);
    }
}

int BusClient::on_reply(sd_bus_message* message, void* userdata, sd_bus_error*) {
    const auto& waiting = *static_cast<Waiting*>(userdata);
    Outcome outcome;
    if (const sd_bus_error* error = sd_bus_message_get_error(message)) {
        outcome = {error->name, error->message};
    }
    waiting.client->outcomes_.emplace(waiting.number, outcome);
    return 1;
}

int BusClient::on_signal(sd_bus_message* message, void* userdata, sd_bus_error*) {
    auto& client = *static_cast<BusClient*>(userdata);
    const std::string member = sd_bus_message_get_member(message);
    const std::string path = sd_bus_message_get_path(message);
    if (member == "PropertiesChanged") {
        const char* interface = nullptr;
        check(sd_bus_message_read(message, "s", &interface), "s");
        client.changes.push_back({path, interface, read_names(message)});
    } else if (member == "SwitchFinished") {
        client.switches.push_back(read_switch(message));
    } else if (std::strcmp(sd_bus_message_get_interface(message),
                           "org.freedesktop.DBus.ObjectManager") == 0) {
        const char* object = nullptr;
        check(sd_bus_message_read(message, "o", &object), "o");
        client.signals.push_back(member + " " + object);
    } else {
        client.signals.push_back(member + " " + path);
    }
    return 0;
}

void BusClient::process_until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!done()) {
        const int processed = check(sd_bus_process(bus_, nullptr), "sd_bus_process");
        if (processed > 0) {
            continue;
        }
        const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            throw std::runtime_error("no answer from the service within ten seconds");
        }
        check(sd_bus_wait(bus_, static_cast<std::uint64_t>(left.count())), "sd_bus_wait");
    }
}

} // namespace spicykvm::test
