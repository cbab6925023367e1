// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace spicykvm::spice {

/// A SPICE password ("ticket"); wiped when it goes out of use. Without one any server that asks for
/// none lets us in.
///
/// The protocol allows 60 bytes, but libspice-server keeps 59 of them (0.15.1, measured): a server
/// that was given 60 takes only the first 59. So 60 are cut, with shortened() to say so.
class Password {
  public:
    static constexpr std::size_t kMaxSize = 59;

    Password() noexcept = default;
    Password(Password&& other) noexcept;
    Password& operator=(Password&& other) noexcept;
    Password(const Password&) = delete;
    Password& operator=(const Password&) = delete;
    ~Password();

    /// Checks the length; `text` is wiped.
    static Result<Password> from(std::string&& text);

    [[nodiscard]] std::string_view text() const noexcept { return {bytes_.data(), size_}; }
    [[nodiscard]] bool shortened() const noexcept { return shortened_; }

  private:
    std::array<char, kMaxSize> bytes_{};
    std::uint8_t size_ = 0;
    bool shortened_ = false;
};

} // namespace spicykvm::spice
