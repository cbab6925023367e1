// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/fd.h"
#include "ddc/helper/confine.h"

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace spicykvm::ddc {

namespace {

/// struct landlock_ruleset_attr of Landlock's sixth version; older kernels take it if what they do
/// not know is 0.
struct Ruleset {
    std::uint64_t files;
    std::uint64_t network;
    std::uint64_t scopes;
};

// Of newer versions than the oldest headers that this is built with.
constexpr std::uint64_t kTruncate = 1U << 14;    ///< 3
constexpr std::uint64_t kIoctlDevice = 1U << 15; ///< 5

/// All that a kernel with this version can refuse.
Ruleset everything(long version) {
    Ruleset set{};
    set.files = LANDLOCK_ACCESS_FS_REFER - 1; // those of the first version are below it
    set.files |= version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0;
    set.files |= version >= 3 ? kTruncate : 0;
    set.files |= version >= 5 ? kIoctlDevice : 0;
    set.network = version >= 4 ? 0b11 : 0; // bind and connect with TCP
    set.scopes = version >= 6 ? 0b11 : 0;  // abstract unix sockets and signals of other programs
    return set;
}

bool allow(const Fd& rules, int file, std::uint64_t access) {
    const landlock_path_beneath_attr rule{access, file};
    return ::syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

} // namespace

Result<void> restrict_files(const std::string& sysfs, const std::vector<int>& nodes) {
    constexpr const char* kWhat = "Landlock";
    const long version =
        ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 0) {
        return fail_errno(kWhat, errno);
    }
    const Ruleset set = everything(version);
    const Fd rules(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &set, sizeof set, 0)));
    if (!rules.valid()) {
        return fail_errno(kWhat, errno);
    }
    const Fd folder(::open(sysfs.c_str(), O_PATH | O_CLOEXEC));
    if (!folder.valid() ||
        !allow(rules, folder.get(), LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)) {
        return fail_errno(std::string(kWhat) + ": " + sysfs, errno);
    }
    for (const int node : nodes) {
        if (!allow(rules, node,
                   set.files & (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                kIoctlDevice))) {
            return fail_errno(std::string(kWhat) + ": an I2C bus", errno);
        }
    }
    if (::syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) {
        return fail_errno(kWhat, errno);
    }
    return {};
}

} // namespace spicykvm::ddc
