// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/fake_logind.h"

#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <system_error>
#include <unistd.h>

namespace spicykvm::test {

namespace {

constexpr const char* kPath = "/org/freedesktop/login1";
constexpr const char* kManager = "org.freedesktop.login1.Manager";
constexpr const char* kSeat = "org.freedesktop.login1.Seat";
constexpr const char* kSession = "org.freedesktop.login1.Session";
constexpr const char* kSeatPath = "/org/freedesktop/login1/seat/seat0";
constexpr const char* kSessionPrefix = "/org/freedesktop/login1/session/s";

int check(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(-result, std::generic_category(), what);
    }
    return result;
}

std::string session_path(const std::string& id) {
    return id.empty() ? "/" : kSessionPrefix + id;
}

} // namespace

FakeLogind::FakeLogind(std::map<std::string, Session> sessions, std::string active, Faults faults)
    : sessions_(std::move(sessions)), active_(std::move(active)), faults_(faults) {
    static const sd_bus_vtable manager[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD("Inhibit", "ssss", "h", on_inhibit, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_PROPERTY("PreparingForSleep", "b", get_flag, 0, 0),
        SD_BUS_PROPERTY("PreparingForShutdown", "b", get_flag, 0, 0),
        SD_BUS_VTABLE_END,
    };
    static const sd_bus_vtable seat[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_PROPERTY("ActiveSession", "(so)", get_active, 0,
                        SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_VTABLE_END,
    };
    static const sd_bus_vtable session[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_PROPERTY("User", "(uo)", get_session, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Class", "s", get_session, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("LockedHint", "b", get_session, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_VTABLE_END,
    };
    check(sd_bus_open_system(&bus_), "sd_bus_open_system");
    check(sd_bus_add_object_vtable(bus_, nullptr, kPath, kManager, manager, this), "manager");
    check(sd_bus_add_object_vtable(bus_, nullptr, kSeatPath, kSeat, seat, this), "seat");
    for (const auto& entry : sessions_) {
        const std::string path = session_path(entry.first);
        check(sd_bus_add_object(bus_, nullptr, path.c_str(), on_session_read, this), "session");
        check(sd_bus_add_object_vtable(bus_, nullptr, path.c_str(), kSession, session, this),
              "session");
    }
    check(sd_bus_request_name(bus_, "org.freedesktop.login1", 0), "sd_bus_request_name");
    check(sd_bus_attach_event(bus_, loop_.raw(), 0), "sd_bus_attach_event");
    thread_ = std::thread([this] { loop_.run(); });
}

FakeLogind::~FakeLogind() {
    loop_.post([this] { loop_.exit(0); });
    thread_.join();
    sd_bus_detach_event(bus_);
    sd_bus_flush_close_unref(bus_);
}

void FakeLogind::activate_session(const std::string& id) {
    run([&] {
        active_ = id;
        sd_bus_emit_properties_changed(bus_, kSeatPath, kSeat, "ActiveSession", nullptr);
    });
}

void FakeLogind::set_locked(const std::string& id, bool locked) {
    run([&] {
        sessions_.at(id).locked = locked;
        sd_bus_emit_properties_changed(bus_, session_path(id).c_str(), kSession, "LockedHint",
                                       nullptr);
    });
}

void FakeLogind::request_lock(const std::string& id) {
    run([&] { sd_bus_emit_signal(bus_, session_path(id).c_str(), kSession, "Lock", nullptr); });
}

void FakeLogind::prepare(const char* signal, bool begins) {
    run([&] {
        (std::strcmp(signal, "PrepareForSleep") == 0 ? sleep_ : shutdown_) = begins;
        sd_bus_emit_signal(bus_, kPath, kManager, signal, "b", begins);
    });
}

void FakeLogind::wait_inhibitors(std::size_t count) {
    wait_for([&] { return held_ == count; });
}

std::size_t FakeLogind::inhibitors() {
    const std::lock_guard lock(mutex_);
    return held_;
}

std::size_t FakeLogind::inhibit_calls() {
    const std::lock_guard lock(mutex_);
    return inhibit_calls_;
}

std::string FakeLogind::last_inhibit() {
    const std::lock_guard lock(mutex_);
    return last_inhibit_;
}

void FakeLogind::wait_session_reads(std::size_t count) {
    wait_for([&] { return session_reads_ >= count; });
}

int FakeLogind::on_inhibit(sd_bus_message* message, void* userdata, sd_bus_error* error) {
    auto& self = *static_cast<FakeLogind*>(userdata);
    const char* what = nullptr;
    const char* who = nullptr;
    const char* why = nullptr;
    const char* mode = nullptr;
    check(sd_bus_message_read(message, "ssss", &what, &who, &why, &mode), "ssss");
    {
        const std::lock_guard lock(self.mutex_);
        ++self.inhibit_calls_;
        self.last_inhibit_ = std::string(what) + " " + who + " " + mode;
        self.changed_.notify_all();
    }
    // As the real one: for two things at once it asks polkit about a right that hardly anybody has.
    if (self.faults_.inhibit_refused || std::strchr(what, ':') != nullptr) {
        return sd_bus_error_set(error, "org.freedesktop.DBus.Error.AccessDenied",
                                "Permission denied");
    }
    int ends[2];
    check(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0 ? 0 : -errno, "pipe2");
    const Fd given(ends[1]);
    self.watch(Fd(ends[0]));
    return sd_bus_reply_method_return(message, "h", given.get());
}

/// It is held until the last descriptor of the other end is closed.
void FakeLogind::watch(Fd lock) {
    const int number = lock.get();
    auto source = loop_.add_io(number, 0, [this, number](std::uint32_t) {
        const auto gone = inhibitors_.extract(number);
        const std::lock_guard guard(mutex_);
        --held_;
        changed_.notify_all();
    });
    inhibitors_.emplace(number, Inhibitor{std::move(lock), std::move(source)});
    const std::lock_guard guard(mutex_);
    ++held_;
    changed_.notify_all();
}

/// Sees each call for a session before the properties do.
int FakeLogind::on_session_read(sd_bus_message* message, void* userdata, sd_bus_error* error) {
    auto& self = *static_cast<FakeLogind*>(userdata);
    if (sd_bus_message_is_method_call(message, "org.freedesktop.DBus.Properties", "GetAll") <= 0) {
        return 0;
    }
    {
        const std::lock_guard lock(self.mutex_);
        ++self.session_reads_;
        self.changed_.notify_all();
    }
    if (self.faults_.sessions_fail) {
        return sd_bus_error_set(error, "org.freedesktop.DBus.Error.Failed", "Out of order");
    }
    return self.faults_.mute ? 1 : 0;
}

int FakeLogind::get_flag(sd_bus*, const char*, const char*, const char* name, sd_bus_message* reply,
                         void* userdata, sd_bus_error*) {
    const auto& self = *static_cast<FakeLogind*>(userdata);
    const bool sleep = std::strcmp(name, "PreparingForSleep") == 0;
    return sd_bus_message_append(reply, "b", sleep ? self.sleep_ : self.shutdown_);
}

int FakeLogind::get_active(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply,
                           void* userdata, sd_bus_error*) {
    const auto& self = *static_cast<FakeLogind*>(userdata);
    return sd_bus_message_append(reply, "(so)", self.active_.c_str(),
                                 session_path(self.active_).c_str());
}

int FakeLogind::get_session(sd_bus*, const char* path, const char*, const char* name,
                            sd_bus_message* reply, void* userdata, sd_bus_error*) {
    const Session& session = static_cast<FakeLogind*>(userdata)->session_at(path);
    if (std::strcmp(name, "User") == 0) {
        return sd_bus_message_append(reply, "(uo)", std::uint32_t{session.uid}, "/user");
    }
    if (std::strcmp(name, "Class") == 0) {
        return sd_bus_message_append(reply, "s", session.kind.c_str());
    }
    return sd_bus_message_append(reply, "b", session.locked);
}

FakeLogind::Session& FakeLogind::session_at(const char* path) {
    return sessions_.at(path + std::strlen(kSessionPrefix));
}

void FakeLogind::run(const std::function<void()>& work) {
    std::promise<void> done;
    loop_.post([&] {
        work();
        done.set_value();
    });
    done.get_future().get();
}

void FakeLogind::wait_for(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(10), condition)) {
        throw std::runtime_error("logind waited ten seconds for nothing");
    }
}

} // namespace spicykvm::test
