// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "support/child_process.h"

#include <filesystem>
#include <string>
#include <vector>

namespace spicykvm::test {

/// A folder that is removed with everything in it. Other users may enter it.
class TemporaryFolder {
  public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    /// Writes a file into it, folders included.
    std::filesystem::path write(const std::filesystem::path& name, const std::string& text) const;

  private:
    std::filesystem::path path_;
};

struct PrivateBusSettings {
    /// Names that this process's user may own, beyond what the project's policy allows. Empty: any.
    std::vector<std::string> may_own;
    bool may_own_nothing = false; ///< only what the project's policy says
    /// Runs the bus daemon by way of this, such as {"unshare", "-m", "script"}.
    std::vector<std::string> launcher;
};

/// A message bus with the rules of a system bus: those of the distribution's system.conf plus the
/// project's own policy file. While it exists, it is this process's system bus and its session bus.
class PrivateBus {
  public:
    explicit PrivateBus(const PrivateBusSettings& settings = {});
    PrivateBus(const PrivateBus&) = delete;
    PrivateBus& operator=(const PrivateBus&) = delete;
    ~PrivateBus();

    [[nodiscard]] const std::string& address() const noexcept { return address_; }
    /// As when the bus daemon crashes.
    void stop() noexcept { daemon_.terminate(); }

  private:
    TemporaryFolder folder_;
    std::string address_;
    ChildProcess daemon_;
};

} // namespace spicykvm::test
