// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/child.h"

#include <cerrno>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace spicykvm::ctl {

std::vector<std::string> daemon_candidates(const std::string& own_directory) {
    if (own_directory.empty()) {
        return {"spicykvmd"};
    }
    return {own_directory + "/spicykvmd", own_directory + "/../daemon/spicykvmd", "spicykvmd"};
}

Result<int> run_program(const std::vector<std::string>& argv) {
    std::vector<std::string> words = argv; // posix_spawn wants pointers to non-const
    std::vector<char*> pointers;
    for (std::string& word : words) {
        pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
    pid_t child = 0;
    const int error =
        ::posix_spawnp(&child, pointers[0], nullptr, nullptr, pointers.data(), environ);
    if (error != 0) {
        return fail_errno("run " + argv[0], error);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return fail_errno("wait for " + argv[0], errno);
        }
    }
    if (!WIFEXITED(status)) {
        return fail(ErrorCode::Failed,
                    argv[0] + " was ended by signal " + std::to_string(WTERMSIG(status)));
    }
    return WEXITSTATUS(status);
}

} // namespace spicykvm::ctl
