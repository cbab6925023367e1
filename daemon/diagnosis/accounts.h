// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

namespace spicykvm::diagnosis {

// From /etc/passwd and /etc/group alone, where systemd-sysusers writes: a name service could make
// the caller wait. `path` is for tests. Any thread.
[[nodiscard]] std::string user_name(uid_t uid, const char* path = "/etc/passwd");
[[nodiscard]] std::string group_name(gid_t gid, const char* path = "/etc/group");
/// Nothing: there is no such user, or the file can't be read.
[[nodiscard]] std::optional<uid_t> find_user(const std::string& name,
                                             const char* path = "/etc/passwd");
[[nodiscard]] std::optional<gid_t> find_group(const std::string& name,
                                              const char* path = "/etc/group");

} // namespace spicykvm::diagnosis
