// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/spice_server.h"

#include "base/fd.h"
#include "support/spice_core_loop.h"
#include "support/spice_sound.h"

#include <arpa/inet.h>
#include <cstring>
#include <future>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// Of LeakSanitizer; null without it.
extern "C" [[gnu::weak]] void __lsan_disable(); // NOLINT(bugprone-reserved-identifier)
extern "C" [[gnu::weak]] void __lsan_enable();  // NOLINT(bugprone-reserved-identifier)

namespace spicykvm::test {

namespace {

using core::Button;
using core::ButtonMask;
using core::LedState;

void check(bool good, const char* what) {
    if (!good) {
        throw std::runtime_error(what);
    }
}

/// libspice-server can't remove a keyboard or a mouse, and forgets both when it is destroyed.
void add_for_good(::SpiceServer* server, SpiceBaseInstance* device, const char* what) {
    if (__lsan_disable != nullptr) {
        __lsan_disable();
    }
    const int result = spice_server_add_interface(server, device);
    if (__lsan_enable != nullptr) {
        __lsan_enable();
    }
    check(result == 0, what);
}

/// The masks of libspice's mouse callbacks are not those of the wire.
ButtonMask from_callback(std::uint32_t bits) {
    ButtonMask mask;
    mask.set(Button::Left, (bits & 0x01) != 0);
    mask.set(Button::Right, (bits & 0x02) != 0);
    mask.set(Button::Middle, (bits & 0x04) != 0);
    mask.set(Button::Side, (bits & 0x40) != 0);
    mask.set(Button::Extra, (bits & 0x80) != 0);
    return mask;
}

int to_spice(LedState leds) {
    return (leds.scroll ? SPICE_KEYBOARD_MODIFIER_FLAGS_SCROLL_LOCK : 0) |
           (leds.num ? SPICE_KEYBOARD_MODIFIER_FLAGS_NUM_LOCK : 0) |
           (leds.caps ? SPICE_KEYBOARD_MODIFIER_FLAGS_CAPS_LOCK : 0);
}

Fd listen_unix(const std::string& path) {
    Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    check(path.size() < sizeof address.sun_path, "path of the unix socket is too long");
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    (void)::unlink(path.c_str());
    check(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "bind");
    check(::listen(socket.get(), 8) == 0, "listen");
    return socket;
}

Fd listen_tcp(std::uint16_t& port) {
    Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    (void)::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    address.sin_port = ::htons(port);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    check(::bind(socket.get(), generic, size) == 0, "bind");
    check(::listen(socket.get(), 8) == 0, "listen");
    check(::getsockname(socket.get(), generic, &size) == 0, "getsockname");
    port = ::ntohs(address.sin_port);
    return socket;
}

} // namespace

/// Everything here belongs to the loop's thread, but for `loop` itself.
struct SpiceServer::Parts {
    struct Keyboard : SpiceKbdInstance {
        Parts* parts = nullptr;
    };
    struct Mouse : SpiceMouseInstance {
        Parts* parts = nullptr;
    };

    explicit Parts(SpiceServer& test_server);
    ~Parts();
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    void start();
    void add_devices();
    void authorise(int lifetime, bool disconnect);
    void listen();
    void stop_listening();
    void accept_client();
    void show_leds(LedState state);
    void on_scancode(std::uint8_t byte);
    void on_motion(int dx, int dy, int dz, ButtonMask held);
    void on_release(ButtonMask held);
    void on_channel(int event, int channel);

    SpiceServer& owner;
    std::string ticket;
    ::SpiceServer* server = nullptr;
    SpiceKbdInterface keyboard_interface{};
    SpiceMouseInterface mouse_interface{};
    Keyboard keyboard;
    Mouse mouse;
    std::unique_ptr<SpiceSound> sound;
    LedState leds;
    std::uint8_t last_scancode = 0;
    Fd listener;
    SpiceWatch* listener_watch = nullptr;
    SpiceCoreLoop loop;
};

SpiceServer::Parts::Parts(SpiceServer& test_server)
    : owner(test_server), ticket(test_server.settings_.ticket),
      loop([this](int event, const SpiceChannelEventInfo& info) { on_channel(event, info.type); }) {
    loop.run([this] { start(); });
}

SpiceServer::Parts::~Parts() {
    loop.run([this] {
        stop_listening();
        sound.reset();
        spice_server_destroy(server);
    });
}

void SpiceServer::Parts::start() {
    server = spice_server_new();
    spice_server_set_name(server, owner.settings_.name.c_str());
    if (owner.settings_.uuid) {
        spice_server_set_uuid(server, owner.settings_.uuid->data());
    }
    check(spice_server_init(server, loop.core()) == 0, "spice_server_init");
    authorise(0, false);
    add_devices();
    if (owner.settings_.has_sound) {
        sound = std::make_unique<SpiceSound>(server);
    }
    spice_server_vm_start(server);
    listen();
}

void SpiceServer::Parts::add_devices() {
    keyboard.parts = this;
    keyboard_interface.base = {SPICE_INTERFACE_KEYBOARD, "test", SPICE_INTERFACE_KEYBOARD_MAJOR,
                               SPICE_INTERFACE_KEYBOARD_MINOR};
    keyboard_interface.push_scan_freg = [](SpiceKbdInstance* instance, std::uint8_t byte) {
        static_cast<Keyboard*>(instance)->parts->on_scancode(byte);
    };
    // Must be there: libspice-server 0.15.1 calls it without asking when inputs is linked.
    keyboard_interface.get_leds = [](SpiceKbdInstance* instance) {
        return static_cast<std::uint8_t>(to_spice(static_cast<Keyboard*>(instance)->parts->leds));
    };
    keyboard.base.sif = &keyboard_interface.base;
    add_for_good(server, &keyboard.base, "add the keyboard");

    mouse.parts = this;
    mouse_interface.base = {SPICE_INTERFACE_MOUSE, "test", SPICE_INTERFACE_MOUSE_MAJOR,
                            SPICE_INTERFACE_MOUSE_MINOR};
    mouse_interface.motion = [](SpiceMouseInstance* instance, int dx, int dy, int dz,
                                std::uint32_t held) {
        static_cast<Mouse*>(instance)->parts->on_motion(dx, dy, dz, from_callback(held));
    };
    mouse_interface.buttons = [](SpiceMouseInstance* instance, std::uint32_t held) {
        static_cast<Mouse*>(instance)->parts->on_release(from_callback(held));
    };
    mouse.base.sif = &mouse_interface.base;
    add_for_good(server, &mouse.base, "add the mouse");
}

void SpiceServer::Parts::authorise(int lifetime, bool disconnect) {
    (void)spice_server_set_ticket(server, ticket.c_str(), lifetime, 0, disconnect ? 1 : 0);
    if (ticket.empty()) {
        check(spice_server_set_noauth(server) == 0, "spice_server_set_noauth");
    }
}

void SpiceServer::Parts::listen() {
    const std::string& path = owner.settings_.unix_path;
    listener = path.empty() ? listen_tcp(owner.tcp_port_) : listen_unix(path);
    listener_watch = loop.core()->watch_add(
        listener.get(), SPICE_WATCH_EVENT_READ,
        [](int, int, void* parts) { static_cast<Parts*>(parts)->accept_client(); }, this);
}

void SpiceServer::Parts::stop_listening() {
    if (!listener.valid()) {
        return;
    }
    loop.core()->watch_remove(listener_watch);
    listener.reset();
    if (!owner.settings_.unix_path.empty()) {
        (void)::unlink(owner.settings_.unix_path.c_str());
    }
}

void SpiceServer::Parts::accept_client() {
    const int client = ::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client >= 0 && spice_server_add_client(server, client, 0) != 0) {
        const Fd refused(client);
    }
}

void SpiceServer::Parts::show_leds(LedState state) {
    leds = state;
    spice_server_kbd_leds(&keyboard, to_spice(leds));
}

void SpiceServer::Parts::on_scancode(std::uint8_t byte) {
    owner.change([&](SpiceServerLog& log) {
        log.scancodes.push_back(byte);
        log.scancode_times.push_back(Clock::now());
    });
    const bool extended = last_scancode == 0xe0;
    last_scancode = byte;
    if (extended || !owner.settings_.guest_switches_leds) {
        return;
    }
    LedState state = leds;
    state.caps ^= byte == 0x3a;
    state.num ^= byte == 0x45;
    state.scroll ^= byte == 0x46;
    if (state != leds) {
        show_leds(state);
    }
}

void SpiceServer::Parts::on_motion(int dx, int dy, int dz, ButtonMask held) {
    owner.change([&](SpiceServerLog& log) {
        // libspice counts wheel steps towards the user.
        log.motions.push_back({dx, dy, -dz, held, Clock::now()});
        log.dx += dx;
        log.dy += dy;
        log.wheel -= dz;
        log.held = held;
    });
}

void SpiceServer::Parts::on_release(ButtonMask held) {
    owner.change([&](SpiceServerLog& log) {
        log.releases.push_back(held);
        log.held = held;
    });
}

void SpiceServer::Parts::on_channel(int event, int channel) {
    owner.change([&](SpiceServerLog& log) {
        if (event == SPICE_CHANNEL_EVENT_INITIALIZED) {
            log.main_links += channel == SPICE_CHANNEL_MAIN ? 1U : 0U;
            log.inputs_links += channel == SPICE_CHANNEL_INPUTS ? 1U : 0U;
            ++log.linked_channels;
        } else if (event == SPICE_CHANNEL_EVENT_DISCONNECTED) {
            --log.linked_channels;
        }
    });
}

SpiceServer::SpiceServer(SpiceServerSettings settings)
    : settings_(std::move(settings)), tcp_port_(settings_.tcp_port),
      parts_(std::make_unique<Parts>(*this)) {}

SpiceServer::~SpiceServer() = default;

std::string SpiceServer::uri() const {
    return settings_.unix_path.empty() ? "spice://127.0.0.1:" + std::to_string(tcp_port_)
                                       : "spice+unix://" + settings_.unix_path;
}

SpiceServerLog SpiceServer::log() const {
    const std::lock_guard lock(mutex_);
    return log_;
}

bool SpiceServer::wait_for(const std::function<bool(const SpiceServerLog&)>& condition,
                           Milliseconds timeout) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [&] { return condition(log_); });
}

void SpiceServer::forget() {
    change([](SpiceServerLog& log) {
        SpiceServerLog fresh;
        fresh.held = log.held;
        fresh.main_links = log.main_links;
        fresh.inputs_links = log.inputs_links;
        fresh.linked_channels = log.linked_channels;
        log = std::move(fresh);
    });
}

void SpiceServer::change(const std::function<void(SpiceServerLog&)>& change) {
    {
        const std::lock_guard lock(mutex_);
        change(log_);
    }
    changed_.notify_all();
}

void SpiceServer::set_leds(LedState leds) {
    parts_->loop.run([&] { parts_->show_leds(leds); });
}

void SpiceServer::set_ticket(const std::string& ticket, bool expired) {
    parts_->loop.run([&] {
        parts_->ticket = ticket;
        parts_->authorise(expired ? -1000 : 0, false);
    });
}

void SpiceServer::with_sound(const std::function<void(SpiceSound&)>& work) {
    parts_->loop.run([&] { work(*parts_->sound); });
}

void SpiceServer::kick() {
    parts_->loop.run([this] { parts_->authorise(0, true); });
}

void SpiceServer::stop_listening() {
    parts_->loop.run([this] { parts_->stop_listening(); });
}

void SpiceServer::listen() {
    parts_->loop.run([this] { parts_->listen(); });
}

struct SpiceServer::Stall::Gate {
    std::promise<void> closed;
    std::promise<void> open;
};

SpiceServer::Stall::Stall(SpiceServer& server) : gate_(std::make_shared<Gate>()) {
    server.parts_->loop.post([gate = gate_] {
        gate->closed.set_value();
        gate->open.get_future().wait();
    });
    gate_->closed.get_future().wait();
}

SpiceServer::Stall::~Stall() {
    gate_->open.set_value();
}

} // namespace spicykvm::test
