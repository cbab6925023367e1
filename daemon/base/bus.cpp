// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/bus.h"

#include "base/sdbus_compat.h"

#include <ctime>
#include <system_error>
#include <systemd/sd-event.h>
#include <utility>

namespace spicykvm {

namespace {

constexpr const char* kNameTaken = "org.freedesktop.DBus.Error.FileExists";
constexpr const char* kAccessDenied = "org.freedesktop.DBus.Error.AccessDenied";

std::string name_error_text(const std::string& name, const sdbus::Error& error) {
    const std::string text = "cannot own " + name + ": ";
    if (error.getName() == kNameTaken) {
        return text + "another process has it; is another spicykvmd running?";
    }
    return text + error.getMessage();
}

ErrorCode name_error_code(const sdbus::Error& error) {
    if (error.getName() == kNameTaken) {
        return ErrorCode::Busy;
    }
    return error.getName() == kAccessDenied ? ErrorCode::AccessDenied : ErrorCode::Failed;
}

void check(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(-result, std::generic_category(), what);
    }
}

} // namespace

/// Joins sd-bus to sd-event. Before each poll it asks the connection again what to wait for, since
/// sd-bus queues messages of its own accord; at each wake-up it handles one message, so that a
/// flood does not keep other sources waiting. (The library's attachSdEventLoop() in 2.x lets
/// exceptions through libsystemd's C frames when the bus goes away.)
class Bus::Pump {
  public:
    explicit Pump(Bus& bus) : bus_(bus) {
        const auto state = compat::poll_state(*bus_.connection_);
        sd_event* const event = bus_.loop_.raw();
        check(sd_event_add_io(event, &io_, state.fd, state.events, on_io, this), "sd_event_add_io");
        check(sd_event_add_time(event, &timer_, CLOCK_MONOTONIC, 0, 1, on_time, this),
              "sd_event_add_time");
        check(sd_event_source_set_prepare(io_, on_prepare), "sd_event_source_set_prepare");
    }
    Pump(const Pump&) = delete;
    Pump& operator=(const Pump&) = delete;
    ~Pump() {
        sd_event_source_disable_unref(io_);
        sd_event_source_disable_unref(timer_);
    }

  private:
    static int on_io(sd_event_source*, int, std::uint32_t, void* userdata) noexcept {
        return static_cast<Pump*>(userdata)->guarded(&Pump::process);
    }
    static int on_time(sd_event_source*, std::uint64_t, void* userdata) noexcept {
        return static_cast<Pump*>(userdata)->guarded(&Pump::process);
    }
    static int on_prepare(sd_event_source*, void* userdata) noexcept {
        return static_cast<Pump*>(userdata)->guarded(&Pump::prepare);
    }

    int guarded(void (Pump::*step)()) noexcept {
        try {
            (this->*step)();
        } catch (const sdbus::Error&) { // the connection is closed
            (void)sd_event_source_set_enabled(io_, SD_EVENT_OFF);
            (void)sd_event_source_set_enabled(timer_, SD_EVENT_OFF);
            bus_.lost();
        }
        return 0;
    }

    void process() { compat::process_one(*bus_.connection_); }

    void prepare() {
        const auto state = compat::poll_state(*bus_.connection_);
        check(sd_event_source_set_io_events(io_, state.events), "sd_event_source_set_io_events");
        if (state.wake_usec == UINT64_MAX) {
            check(sd_event_source_set_enabled(timer_, SD_EVENT_OFF), "sd_event_source_set_enabled");
            return;
        }
        check(sd_event_source_set_time(timer_, state.wake_usec), "sd_event_source_set_time");
        check(sd_event_source_set_enabled(timer_, SD_EVENT_ONESHOT), "sd_event_source_set_enabled");
    }

    Bus& bus_;
    sd_event_source* io_ = nullptr;
    sd_event_source* timer_ = nullptr;
};

Result<std::unique_ptr<Bus>> Bus::open(EventLoop& loop, BusKind kind) {
    const bool system = kind == BusKind::System;
    try {
        auto connection =
            system ? sdbus::createSystemBusConnection() : sdbus::createSessionBusConnection();
        return std::unique_ptr<Bus>(new Bus(loop, kind, std::move(connection)));
    } catch (const sdbus::Error& error) {
        std::string text = system ? "connect to the system bus: " : "connect to the session bus: ";
        return fail(ErrorCode::Unreachable, text + error.getMessage());
    }
}

Bus::Bus(EventLoop& loop, BusKind kind, std::unique_ptr<sdbus::IConnection> connection)
    : loop_(loop), kind_(kind), connection_(std::move(connection)),
      disconnected_(std::make_shared<EventLoop::Callback>()), pump_(std::make_unique<Pump>(*this)) {
}

Bus::~Bus() {
    *disconnected_ = nullptr;
}

Result<void> Bus::request_name(const std::string& name) {
    try {
        connection_->requestName(compat::ServiceName(name));
        return {};
    } catch (const sdbus::Error& error) {
        return fail(name_error_code(error), name_error_text(name, error));
    }
}

void Bus::on_disconnected(EventLoop::Callback callback) {
    *disconnected_ = std::move(callback);
}

void Bus::lost() {
    loop_.defer([shared = disconnected_] {
        if (const auto callback = std::exchange(*shared, nullptr)) {
            callback();
        }
    });
}

} // namespace spicykvm
