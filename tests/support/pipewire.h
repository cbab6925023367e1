// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "support/child_process.h"
#include "support/temp_folder.h"

#include <filesystem>
#include <memory>
#include <string>

namespace spicykvm::test {

struct PipeWireSettings {
    unsigned rate = 48000; ///< of the graph
    /// WirePlumber links streams to the default devices; else the test links them itself.
    bool session_manager = false;
};

/// A PipeWire of the test's own: no sound card, no bus, in a temporary runtime folder that the
/// environment of this process points to while it exists. Its devices are the null sink "test-sink"
/// and the source "test-source", which gives back what is played to it. Started by the constructor.
class PrivatePipeWire {
  public:
    explicit PrivatePipeWire(const PipeWireSettings& settings = {});
    PrivatePipeWire(const PrivatePipeWire&) = delete;
    PrivatePipeWire& operator=(const PrivatePipeWire&) = delete;
    ~PrivatePipeWire();

    /// Waits for the socket. Throws if it does not come within ten seconds.
    void start();
    /// As when it crashes.
    void kill() noexcept;

    [[nodiscard]] std::filesystem::path socket() const { return runtime() / "pipewire-0"; }
    /// Throws unless everything that names a PipeWire points into `folder`: tests never touch the
    /// session of who runs them.
    static void assert_private(const std::filesystem::path& folder);
    /// A setting of the running graph, such as clock.force-quantum; waits until it is set.
    void set(const std::string& key, unsigned value) const;

  private:
    [[nodiscard]] std::filesystem::path runtime() const { return folder_.path() / "run"; }
    void write(const std::filesystem::path& name, const std::string& text) const;

    class Environment;
    TempFolder folder_;
    PipeWireSettings settings_;
    std::unique_ptr<Environment> environment_;
    ChildProcess pipewire_;
    ChildProcess session_manager_;
};

} // namespace spicykvm::test
