// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "session/pipewire/handles.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace spicykvm::session {

/// A connection to PipeWire, and the sound devices there. Over at the first error: then it is to be
/// dropped, after all streams of it, and not from inside a callback. Loop thread.
class Connection {
  public:
    struct Observer {
        std::function<void(const std::string& reason)> lost;
        std::function<void()> devices_changed; ///< one came or went
    };

    /// Fails if nothing listens at the socket. Both callbacks come from inside pw_loop_iterate().
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(pw_context& context,
                                                                  Observer observer);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] pw_core* core() noexcept { return core_.get(); }
    /// `name`: node.name or object.serial of a sound device.
    [[nodiscard]] bool has_device(std::string_view name) const;

  private:
    struct Device {
        std::string name;
        std::string serial;
    };

    Connection(CorePtr core, Observer observer);
    static void on_error(void* self, std::uint32_t id, int seq, int result, const char* message);
    static void on_global(void* self, std::uint32_t id, std::uint32_t permissions, const char* type,
                          std::uint32_t version, const spa_dict* properties);
    static void on_global_remove(void* self, std::uint32_t id);

    Observer observer_;
    std::map<std::uint32_t, Device> devices_;
    CorePtr core_;
    RegistryPtr registry_;
    Hook core_hook_;
    Hook registry_hook_;
};

} // namespace spicykvm::session
