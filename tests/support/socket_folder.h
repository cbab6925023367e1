// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace spicykvm::test {

/// A temporary folder with the path of a socket in it.
class SocketFolder {
  public:
    SocketFolder() {
        std::string pattern = std::filesystem::temp_directory_path() / "spicykvm-XXXXXX";
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("mkdtemp " + pattern);
        }
        path_ = pattern;
    }
    ~SocketFolder() { std::filesystem::remove_all(path_); }
    SocketFolder(const SocketFolder&) = delete;
    SocketFolder& operator=(const SocketFolder&) = delete;

    [[nodiscard]] std::string socket() const { return path_ / "vm.sock"; }

  private:
    std::filesystem::path path_;
};

} // namespace spicykvm::test
