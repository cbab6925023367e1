// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/helper/serve.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace spicykvm::ddc {

namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0; ///< no filter: its numbers are not known here
#endif

constexpr sock_filter statement(std::uint16_t code, std::uint32_t value) {
    return {code, 0, 0, value};
}
/// Goes on with the next line if the accumulator is `value`, else skips it (or the other way
/// round).
constexpr sock_filter skip_unless(std::uint32_t value) {
    return {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value};
}
constexpr sock_filter skip_if(std::uint32_t value) {
    return {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, value};
}

/// No network and no other program: EPERM. Anything else stays allowed,
/// so that another C library does no harm.
void forbid_system_calls() noexcept {
    constexpr auto kKill = statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    constexpr auto kRefuse = statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    constexpr std::uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
    std::array filter = {
        statement(kLoad, offsetof(seccomp_data, arch)),
        skip_if(kArchitecture),
        kKill, // another architecture's numbers mean other calls
        statement(kLoad, offsetof(seccomp_data, nr)),
        skip_unless(SYS_socket),
        kRefuse,
        skip_unless(SYS_connect),
        kRefuse,
        skip_unless(SYS_execve),
        kRefuse,
        skip_unless(SYS_execveat),
        kRefuse,
        statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    (void)::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

} // namespace

void confine() noexcept {
    (void)::syscall(SYS_close_range, kHelperSocket + 1, ~0U, 0U);
    (void)::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (kArchitecture != 0) {
        forbid_system_calls();
    }
}

int serve(int socket, Worker& worker) {
    while (true) {
        // One byte more than a request, so that a longer one is seen to be none.
        std::array<std::uint8_t, Request::kSize + 1> buffer{};
        const ssize_t size = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size <= 0) {
            return size == 0 ? 0 : 1;
        }
        const auto request =
            Request::decode(ByteSpan(buffer).first(static_cast<std::size_t>(size)));
        const auto answer = (request ? worker.handle(*request) : Reply{}).encode();
        if (::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) {
            return errno == EPIPE ? 0 : 1;
        }
    }
}

} // namespace spicykvm::ddc
