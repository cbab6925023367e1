// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "diagnosis/accounts.h"

#include <cstdio>
#include <grp.h>
#include <memory>
#include <pwd.h>
#include <vector>

namespace spicykvm::diagnosis {

namespace {

/// The longest line that is read; one that is longer ends the search.
constexpr std::size_t kLongestLine = 64 * 1024;

using FilePtr = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// The first entry for which `matches`; its text and number by `take`.
template <typename Entry, typename Next, typename Matches, typename Take>
void search(const char* path, Next next, Matches matches, Take take) {
    const FilePtr file(std::fopen(path, "re"), std::fclose);
    std::vector<char> buffer(kLongestLine);
    Entry entry{};
    Entry* found = nullptr;
    while (file && next(file.get(), &entry, buffer.data(), buffer.size(), &found) == 0) {
        if (matches(entry)) {
            take(entry);
            return;
        }
    }
}

} // namespace

std::string user_name(uid_t uid, const char* path) {
    std::string name = std::to_string(uid);
    search<passwd>(
        path, ::fgetpwent_r, [uid](const passwd& entry) { return entry.pw_uid == uid; },
        [&name](const passwd& entry) { name = entry.pw_name; });
    return name;
}

std::string group_name(gid_t gid, const char* path) {
    std::string name = std::to_string(gid);
    search<group>(
        path, ::fgetgrent_r, [gid](const group& entry) { return entry.gr_gid == gid; },
        [&name](const group& entry) { name = entry.gr_name; });
    return name;
}

std::optional<uid_t> find_user(const std::string& name, const char* path) {
    std::optional<uid_t> uid;
    search<passwd>(
        path, ::fgetpwent_r, [&name](const passwd& entry) { return name == entry.pw_name; },
        [&uid](const passwd& entry) { uid = entry.pw_uid; });
    return uid;
}

std::optional<gid_t> find_group(const std::string& name, const char* path) {
    std::optional<gid_t> gid;
    search<group>(
        path, ::fgetgrent_r, [&name](const group& entry) { return name == entry.gr_name; },
        [&gid](const group& entry) { gid = entry.gr_gid; });
    return gid;
}

} // namespace spicykvm::diagnosis
