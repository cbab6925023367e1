// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <pipewire/pipewire.h>

namespace spicykvm::session {

/// libpipewire itself; counted by the library.
class PipeWireLibrary {
  public:
    PipeWireLibrary() { pw_init(nullptr, nullptr); }
    PipeWireLibrary(const PipeWireLibrary&) = delete;
    PipeWireLibrary& operator=(const PipeWireLibrary&) = delete;
    ~PipeWireLibrary() { pw_deinit(); }
};

struct PipeWireDelete {
    void operator()(pw_loop* loop) const noexcept { pw_loop_destroy(loop); }
    void operator()(pw_context* context) const noexcept { pw_context_destroy(context); }
    void operator()(pw_core* core) const noexcept { pw_core_disconnect(core); }
    void operator()(pw_registry* registry) const noexcept {
        // A proxy is what every object of the other side begins with.
        pw_proxy_destroy(reinterpret_cast<pw_proxy*>(registry));
    }
    /// To be disconnected before, if it has a process callback: a unique_ptr is empty before this
    /// runs, and only then is the data thread out of the stream.
    void operator()(pw_stream* stream) const noexcept { pw_stream_destroy(stream); }
};

using LoopPtr = std::unique_ptr<pw_loop, PipeWireDelete>;
using ContextPtr = std::unique_ptr<pw_context, PipeWireDelete>;
using CorePtr = std::unique_ptr<pw_core, PipeWireDelete>;
using RegistryPtr = std::unique_ptr<pw_registry, PipeWireDelete>;
using StreamPtr = std::unique_ptr<pw_stream, PipeWireDelete>;

/// A listener's place in the list of what it listens to: goes before that does.
class Hook {
  public:
    Hook() = default;
    Hook(const Hook&) = delete;
    Hook& operator=(const Hook&) = delete;
    ~Hook() { remove(); }

    [[nodiscard]] spa_hook* get() noexcept { return &hook_; }
    void remove() noexcept {
        spa_hook_remove(&hook_);
        hook_ = {};
    }

  private:
    spa_hook hook_{};
};

// What libpipewire calls functions are macros up to 1.2, with casts of C and GNU's statements in
// expressions.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wpedantic"
inline void listen(pw_core& core, Hook& hook, const pw_core_events& events, void* data) {
    pw_core_add_listener(&core, hook.get(), &events, data);
}
inline void listen(pw_registry& registry, Hook& hook, const pw_registry_events& events,
                   void* data) {
    pw_registry_add_listener(&registry, hook.get(), &events, data);
}
inline RegistryPtr registry_of(pw_core& core) {
    return RegistryPtr(pw_core_get_registry(&core, PW_VERSION_REGISTRY, 0));
}
/// What is readable when the loop has something to do.
inline int fd_of(pw_loop& loop) {
    return pw_loop_get_fd(&loop);
}
/// All that there is to do, without waiting.
inline void iterate(pw_loop& loop) {
    pw_loop_enter(&loop);
    pw_loop_iterate(&loop, 0);
    pw_loop_leave(&loop);
}
#pragma GCC diagnostic pop

} // namespace spicykvm::session
