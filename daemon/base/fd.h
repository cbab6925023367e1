// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <utility>

namespace spicykvm {

/// Sole owner of a file descriptor. Adopting is explicit; there is no implicit conversion to int.
class Fd {
  public:
    Fd() = default;
    /// Adopts `fd` (-1: none). The descriptor should already be close-on-exec.
    explicit Fd(int fd) noexcept : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept;
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    ~Fd() { reset(); }

    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }
    /// Gives the descriptor up; the caller owns it now.
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
    void reset() noexcept;

    /// Prevents ::close(fd) on the owner by mistake.
    friend void close(const Fd&) = delete;

  private:
    int fd_ = -1;
};

} // namespace spicykvm
