// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/pipewire/handles.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace spicykvm::test {

/// What a session manager would do, done by the test: sees the graph and links what it wants. Has a
/// thread of its own; its functions may be called from any other and do not wait.
class GraphClient {
  public:
    /// Throws if there is no PipeWire.
    GraphClient();
    GraphClient(const GraphClient&) = delete;
    GraphClient& operator=(const GraphClient&) = delete;
    ~GraphClient();

    [[nodiscard]] bool has_node(const std::string& name) const;
    /// Links the outputs of `from` to the inputs of `to`, channel by channel. False, and nothing
    /// done, if not all of the ports are there yet.
    bool link(const std::string& from, const std::string& to);
    /// A null sink.
    void add_sink(const std::string& name);
    void remove(const std::string& name);
    /// object.serial; empty: no such node.
    [[nodiscard]] std::string serial_of(const std::string& name) const;

    /// For streams of this client: with the lock held.
    [[nodiscard]] pw_core* core() const noexcept { return core_.get(); }
    class Lock {
      public:
        explicit Lock(const GraphClient& client) : loop_(client.loop_) {
            pw_thread_loop_lock(loop_);
        }
        Lock(const Lock&) = delete;
        Lock& operator=(const Lock&) = delete;
        ~Lock() { pw_thread_loop_unlock(loop_); }

      private:
        pw_thread_loop* loop_;
    };

  private:
    struct Node {
        std::string name;
        std::string serial;
    };
    struct Port {
        std::uint32_t node;
        bool is_output;
        std::string channel;
    };
    static void on_global(void* self, std::uint32_t id, std::uint32_t permissions, const char* type,
                          std::uint32_t version, const spa_dict* properties);
    static void on_global_remove(void* self, std::uint32_t id);
    [[nodiscard]] std::uint32_t node_id(const std::string& name) const;
    [[nodiscard]] std::map<std::string, std::uint32_t> ports_of(const std::string& node,
                                                                bool outputs) const;
    void create(const char* factory, const char* type, std::uint32_t version,
                const std::map<std::string, std::string>& properties);

    session::PipeWireLibrary library_;
    pw_thread_loop* loop_;
    std::map<std::uint32_t, Node> nodes_;
    std::map<std::uint32_t, Port> ports_;
    std::vector<pw_proxy*> created_;
    session::ContextPtr context_;
    session::CorePtr core_;
    session::RegistryPtr registry_;
    session::Hook hook_;
};

} // namespace spicykvm::test
