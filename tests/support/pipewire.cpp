// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/pipewire.h"

#include "base/time.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace spicykvm::test {

namespace {

std::optional<std::string> variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

std::string daemon_config(unsigned rate) {
    return "context.properties = {\n  default.clock.rate = " + std::to_string(rate) +
           R"(
  default.clock.quantum = 256
  default.clock.min-quantum = 32
  default.clock.max-quantum = 8192
  core.daemon = true
  core.name = pipewire-0
  support.dbus = false
  link.max-buffers = 16
}
context.spa-libs = {
  audio.convert.* = audioconvert/libspa-audioconvert
  support.* = support/libspa-support
}
context.modules = [
  { name = libpipewire-module-rt flags = [ ifexists nofail ] }
  { name = libpipewire-module-protocol-native }
  { name = libpipewire-module-metadata }
  { name = libpipewire-module-spa-node-factory }
  { name = libpipewire-module-client-node }
  { name = libpipewire-module-access }
  { name = libpipewire-module-adapter }
  { name = libpipewire-module-link-factory }
  { name = libpipewire-module-session-manager }
]
context.objects = [
  { factory = metadata args = { metadata.name = default } }
  { factory = spa-node-factory
    args = { factory.name = support.node.driver node.name = Dummy-Driver node.group = pipewire.dummy
             priority.driver = 20000 } }
  { factory = adapter
    args = { factory.name = support.null-audio-sink node.name = test-sink media.class = Audio/Sink
             audio.position = [ FL FR ] object.linger = true monitor.channel-volumes = false
             adapter.auto-port-config = { mode = dsp monitor = true position = preserve } } }
  { factory = adapter
    args = { factory.name = support.null-audio-sink node.name = test-source
             media.class = Audio/Source/Virtual audio.position = [ FL FR ] object.linger = true
             monitor.channel-volumes = false
             adapter.auto-port-config = { mode = dsp monitor = true position = preserve } } }
]
)";
}

/// So that WirePlumber wants neither a bus nor devices.
constexpr char kWirePlumberMain[] = R"(alsa_monitor.enabled = false
v4l2_monitor.enabled = false
libcamera_monitor.enabled = false
default_access.properties["enable-flatpak-portal"] = false
)";
constexpr char kWirePlumberBluetooth[] = "bluez_monitor.enabled = false\n";

bool listens(const std::filesystem::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.native().copy(address.sun_path, sizeof address.sun_path - 1);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool connected =
        ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return connected;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

/// Variables of this process, put back at the end.
class PrivatePipeWire::Environment {
  public:
    explicit Environment(const std::map<std::string, std::optional<std::string>>& values) {
        for (const auto& [name, value] : values) {
            before_[name] = variable(name.c_str());
            set(name, value);
        }
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() {
        for (const auto& [name, value] : before_) {
            set(name, value);
        }
    }

  private:
    static void set(const std::string& name, const std::optional<std::string>& value) {
        if (value) {
            ::setenv(name.c_str(), value->c_str(), 1);
        } else {
            ::unsetenv(name.c_str());
        }
    }
    std::map<std::string, std::optional<std::string>> before_;
};

PrivatePipeWire::PrivatePipeWire(const PipeWireSettings& settings) : settings_(settings) {
    std::filesystem::create_directory(runtime());
    std::filesystem::permissions(runtime(), std::filesystem::perms::owner_all);
    write("daemon.conf", daemon_config(settings.rate));
    write("config/wireplumber/main.lua.d/60-test.lua", kWirePlumberMain);
    write("config/wireplumber/bluetooth.lua.d/60-test.lua", kWirePlumberBluetooth);
    // A session manager gives a stream its ports; without one, the adapter is to do that itself.
    const auto properties =
        settings.session_manager
            ? std::nullopt
            : std::optional<std::string>("{ adapter.auto-port-config = { mode = dsp } }");
    environment_ = std::make_unique<Environment>(std::map<std::string, std::optional<std::string>>{
        {"XDG_RUNTIME_DIR", runtime()},
        {"PIPEWIRE_RUNTIME_DIR", runtime()},
        {"XDG_CONFIG_HOME", folder_.path() / "config"},
        {"XDG_STATE_HOME", folder_.path() / "state"},
        {"PIPEWIRE_PROPS", properties},
        {"PIPEWIRE_REMOTE", std::nullopt},
        {"PIPEWIRE_LATENCY", std::nullopt},
        {"DBUS_SESSION_BUS_ADDRESS", std::nullopt}});
    start();
}

PrivatePipeWire::~PrivatePipeWire() {
    session_manager_.terminate();
    pipewire_.terminate();
}

void PrivatePipeWire::assert_private(const std::filesystem::path& folder) {
    for (const char* name : {"XDG_RUNTIME_DIR", "PIPEWIRE_RUNTIME_DIR"}) {
        if (!variable(name).value_or("").starts_with(folder.native() + "/")) {
            throw std::logic_error(std::string(name) + " does not point into " + folder.native());
        }
    }
    if (variable("PIPEWIRE_REMOTE")) {
        throw std::logic_error("PIPEWIRE_REMOTE is set");
    }
}

void PrivatePipeWire::start() {
    assert_private(folder_.path());
    const auto log = folder_.path() / "pipewire.log";
    pipewire_ = ChildProcess({"pipewire", "-c", folder_.path() / "daemon.conf"}, log);
    const TimePoint deadline = Clock::now() + std::chrono::seconds(10);
    while (!listens(socket())) {
        if (Clock::now() >= deadline) {
            throw std::runtime_error("pipewire did not start: " + read_file(log));
        }
        ::poll(nullptr, 0, 1);
    }
    if (settings_.session_manager) {
        session_manager_ = ChildProcess({"wireplumber"}, folder_.path() / "wireplumber.log");
    }
}

void PrivatePipeWire::kill() noexcept {
    session_manager_.kill();
    pipewire_.kill();
}

void PrivatePipeWire::set(const std::string& key, unsigned value) const {
    assert_private(folder_.path());
    ChildProcess command({"pw-metadata", "-n", "settings", "0", key, std::to_string(value)},
                         folder_.path() / "metadata.log");
    if (command.wait() != 0) {
        throw std::runtime_error("pw-metadata: " + read_file(folder_.path() / "metadata.log"));
    }
}

void PrivatePipeWire::write(const std::filesystem::path& name, const std::string& text) const {
    const auto file = folder_.path() / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
}

} // namespace spicykvm::test
