// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "base/fd.h"

#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <systemd/sd-bus.h>
#include <thread>
#include <utility>
#include <vector>

namespace spicykvm::test {

/// systemd-logind on the private bus, as far as its manual (org.freedesktop.login1) describes what
/// the daemon uses: a seat with its active session, sessions with their locks, the signals before
/// and after a suspend, and delay inhibitors with real descriptors.
class FakeLogind {
  public:
    struct Session {
        uid_t uid = 1000;
        std::string kind = "user"; ///< "user", "greeter"
        bool locked = false;
    };
    /// What is wrong with it.
    struct Faults {
        bool inhibit_refused = false;
        bool sessions_fail = false; ///< their properties can't be read
        bool mute = false;          ///< it never answers for a session
    };

    /// The sessions by id, and which is active; empty: none.
    FakeLogind(std::map<std::string, Session> sessions, std::string active, Faults faults);
    FakeLogind(std::map<std::string, Session> sessions, std::string active)
        : FakeLogind(std::move(sessions), std::move(active), Faults()) {}
    FakeLogind() : FakeLogind({}, {}) {}
    FakeLogind(const FakeLogind&) = delete;
    FakeLogind& operator=(const FakeLogind&) = delete;
    ~FakeLogind();

    /// As a switch of the virtual terminal does.
    void activate_session(const std::string& id);
    /// As a desktop that locks or unlocks.
    void set_locked(const std::string& id, bool locked);
    /// As loginctl lock-session: only asks.
    void request_lock(const std::string& id);
    /// PrepareForSleep or PrepareForShutdown.
    void prepare(const char* signal, bool begins);

    /// Waits until so many inhibitors are held.
    void wait_inhibitors(std::size_t count);
    [[nodiscard]] std::size_t inhibitors();
    /// How often one was asked for, and "WHAT WHO MODE" of the last time.
    [[nodiscard]] std::size_t inhibit_calls();
    [[nodiscard]] std::string last_inhibit();
    /// Waits until a session's properties were asked for so often.
    void wait_session_reads(std::size_t count);

  private:
    static int on_inhibit(sd_bus_message* message, void* userdata, sd_bus_error* error);
    static int on_session_read(sd_bus_message* message, void* userdata, sd_bus_error* error);
    static int get_flag(sd_bus*, const char*, const char*, const char* name, sd_bus_message* reply,
                        void* userdata, sd_bus_error*);
    static int get_active(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply,
                          void* userdata, sd_bus_error*);
    static int get_session(sd_bus*, const char* path, const char*, const char* name,
                           sd_bus_message* reply, void* userdata, sd_bus_error*);
    [[nodiscard]] Session& session_at(const char* path);
    void watch(Fd lock);
    void run(const std::function<void()>& work);
    void wait_for(const std::function<bool()>& condition);

    std::mutex mutex_; // guards what follows, up to the loop
    std::condition_variable changed_;
    std::size_t held_ = 0;
    std::size_t inhibit_calls_ = 0;
    std::string last_inhibit_;
    std::size_t session_reads_ = 0;

    EventLoop loop_; // its thread owns what follows
    struct Inhibitor {
        Fd end;
        EventSource source;
    };
    sd_bus* bus_ = nullptr;
    std::map<std::string, Session> sessions_;
    std::string active_;
    Faults faults_;
    bool sleep_ = false;
    bool shutdown_ = false;
    std::map<int, Inhibitor> inhibitors_; ///< by descriptor
    std::thread thread_;
};

} // namespace spicykvm::test
