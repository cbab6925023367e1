// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bus.h"
#include "support/fake_audio_port.h"
#include "support/fake_control_port.h"
#include "support/fake_displays_port.h"

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace spicykvm::service {
class Service;
}

namespace spicykvm::test {

struct ServiceSettings {
    BusKind bus = BusKind::System;
    std::vector<std::string> targets = {"win11", "work"};
    std::optional<uid_t> run_as{}; ///< as which user it connects; root only
    bool has_displays = true;
    bool has_audio = true;
};

/// The real service over a fake switch, on a thread of its own, as in the daemon.
class ServiceHost {
  public:
    explicit ServiceHost(const ServiceSettings& settings = {});
    ServiceHost(const ServiceHost&) = delete;
    ServiceHost& operator=(const ServiceHost&) = delete;
    ~ServiceHost();

    /// Does it on the service's thread and waits for it.
    void run(const std::function<void(FakeControlPort&)>& work);
    template <typename T>
    T get(T FakeControlPort::*member) {
        T value{};
        run([&](FakeControlPort& port) { value = port.*member; });
        return value;
    }
    /// As run(), with the monitors.
    void with_displays(const std::function<void(FakeDisplaysPort&)>& work) {
        run([&](FakeControlPort&) { work(displays_); });
    }
    /// As run(), with the sound channels.
    void with_audio(const std::function<void(FakeAudioPort&)>& work) {
        run([&](FakeControlPort&) { work(audio_); });
    }
    [[nodiscard]] std::vector<std::string> audio_asked() {
        std::vector<std::string> asked;
        with_audio([&](FakeAudioPort& port) { asked = port.asked; });
        return asked;
    }
    [[nodiscard]] std::vector<std::string> displays_asked() {
        std::vector<std::string> asked;
        with_displays([&](FakeDisplaysPort& port) { asked = port.asked; });
        return asked;
    }
    [[nodiscard]] std::vector<std::string> asked() { return get(&FakeControlPort::asked); }

    /// Of taking the bus name.
    [[nodiscard]] const Result<void>& published() const noexcept { return published_; }
    /// Ready when the connection to the bus is lost.
    [[nodiscard]] std::future<void> disconnected() { return disconnected_.get_future(); }
    /// Takes the objects off the bus, while the connection stays.
    void stop_service();

  private:
    void serve(const ServiceSettings& settings, std::promise<void>& ready);

    EventLoop loop_;
    std::unique_ptr<FakeControlPort> port_;
    FakeDisplaysPort displays_;
    FakeAudioPort audio_;
    std::unique_ptr<Bus> bus_;
    std::unique_ptr<service::Service> service_;
    Result<void> published_;
    std::promise<void> disconnected_;
    std::thread thread_;
};

} // namespace spicykvm::test
