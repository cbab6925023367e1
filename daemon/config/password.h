// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace spicykvm::config {

/// Overwrites the text before it is emptied, so that a secret does not stay in freed memory.
void wipe(std::string& secret) noexcept;

/// Where the password of a target comes from. Only a password of the command line is kept here; the
/// others are read when they are needed, and the caller wipes what read() gave him.
class PasswordSource {
  public:
    enum class Kind { None, Credential, File, Env, Literal };

    PasswordSource() = default;
    PasswordSource(const PasswordSource&) = default;
    PasswordSource& operator=(const PasswordSource&) = default;
    PasswordSource(PasswordSource&&) = default;
    PasswordSource& operator=(PasswordSource&&) = default;
    ~PasswordSource();

    /// systemd's LoadCredential=: the file `name` below $CREDENTIALS_DIRECTORY.
    static PasswordSource credential(std::string name);
    static PasswordSource file(std::string path);
    static PasswordSource env(std::string variable);
    static PasswordSource literal(std::string password);

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    /// What to tell a person, such as `file "/etc/spicykvm/win11.pw"`; never the password.
    [[nodiscard]] std::string describe() const;
    /// The path to read; empty if it is not in a file, or $CREDENTIALS_DIRECTORY is not set.
    [[nodiscard]] std::string path() const;
    /// The password without the one newline that may end it; empty for Kind::None. Errors name the
    /// source. Reads a regular file of at most kMaxPassword bytes, so it does not block.
    [[nodiscard]] Result<std::string> read() const;

    bool operator==(const PasswordSource&) const = default;

  private:
    PasswordSource(Kind kind, std::string where) : kind_(kind), where_(std::move(where)) {}

    Kind kind_ = Kind::None;
    std::string where_; ///< name, path, variable; for Literal the password
};

/// Far above SPICE's own limit of 60 bytes, which the link checks with a better message.
inline constexpr std::size_t kMaxPassword = 4096;

} // namespace spicykvm::config
