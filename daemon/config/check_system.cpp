// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/check.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <pwd.h>
#include <sys/stat.h>
#include <system_error>

namespace spicykvm::config {

namespace {

std::optional<uid_t> user_id(const std::string& user) {
    uid_t number = 0;
    const char* end = user.data() + user.size();
    if (const auto [stop, error] = std::from_chars(user.data(), end, number);
        error == std::errc() && stop == end) {
        return number;
    }
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16384> buffer{};
    ::getpwnam_r(user.c_str(), &entry, buffer.data(), buffer.size(), &found);
    return found == nullptr ? std::nullopt : std::optional(entry.pw_uid);
}

void check_password_file(Draft& draft, const TargetConfig& target) {
    const std::string key = "target." + target.name + ".password";
    struct stat status {};
    if (::stat(target.password.path().c_str(), &status) != 0) {
        const int error = errno;
        if (error != EACCES) { // the checker is not the daemon's user
            draft.diagnostics.warning(draft.place_of(key), key,
                                      target.password.describe() + ": " +
                                          std::generic_category().message(error));
        }
    } else if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        draft.diagnostics.warning(draft.place_of(key), key,
                                  target.password.describe() +
                                      ": others than its owner may read it: chmod 600");
    }
}

} // namespace

void check_system(Draft& draft) {
    for (TargetConfig& target : draft.config.targets) {
        if (target.password.kind() == PasswordSource::Kind::File) {
            check_password_file(draft, target);
        }
        if (target.peer_user.empty()) {
            continue;
        }
        target.peer_uid = user_id(target.peer_user);
        if (!target.peer_uid) {
            const std::string key = "target." + target.name + ".peer_user";
            draft.diagnostics.error(draft.place_of(key), key,
                                    quote(target.peer_user) +
                                        ": no such user; allowed: the name or number of a user");
        }
    }
}

} // namespace spicykvm::config
