// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/away_file.h"

#include "base/fd.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace spicykvm::ddc {

Result<void> AwayFile::save(const AwayList& list) const {
    if (list.empty()) {
        if (::unlink(path_.c_str()) != 0 && errno != ENOENT) {
            return fail_errno("remove " + path_, errno);
        }
        return {};
    }
    const std::string text = encode_away(list);
    const std::string fresh = path_ + ".new";
    const Fd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd.valid()) {
        return fail_errno("create " + fresh, errno);
    }
    // No fsync(): it has to outlive this process, not the machine.
    const ssize_t written = ::write(fd.get(), text.data(), text.size());
    if (written != static_cast<ssize_t>(text.size())) {
        return fail_errno("write " + fresh, written < 0 ? errno : ENOSPC);
    }
    if (::rename(fresh.c_str(), path_.c_str()) != 0) {
        return fail_errno("rename " + fresh, errno);
    }
    return {};
}

Result<AwayList> AwayFile::load() const {
    const Fd fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd.valid()) {
        return errno == ENOENT ? Result<AwayList>() : fail_errno("open " + path_, errno);
    }
    std::string text;
    std::array<char, 4096> buffer{};
    while (text.size() <= kMaxAwayFile) {
        const ssize_t size = ::read(fd.get(), buffer.data(), buffer.size());
        if (size < 0) {
            return fail_errno("read " + path_, errno);
        }
        if (size == 0) {
            break;
        }
        text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    auto list = decode_away(text);
    if (!list) {
        return fail(ErrorCode::Protocol, path_ + ": not a list of monitors");
    }
    return std::move(*list);
}

} // namespace spicykvm::ddc
