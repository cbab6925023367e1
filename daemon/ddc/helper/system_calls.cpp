// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/helper/confine.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/i2c-dev.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
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

constexpr std::uint32_t kX32 = 0x40000000; ///< x86's second set of numbers, for the same calls

/// What is not here stays allowed, so that another C library does no harm.
constexpr std::uint32_t kForbidden[] = {
    SYS_socket,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    SYS_io_uring_setup, // it could do all of these
    SYS_execve,
    SYS_execveat,
    SYS_kill,
    SYS_pidfd_send_signal,
    SYS_pidfd_getfd,
#ifndef SPICYKVM_SANITIZED // LeakSanitizer looks at the process by ptrace
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
#endif
};

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

std::vector<sock_filter> make_filter() {
    constexpr auto kKill = statement(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    constexpr auto kRefuse = statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    constexpr auto kAllow = statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    constexpr std::uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
    std::vector<sock_filter> filter = {
        statement(kLoad, offsetof(seccomp_data, arch)),
        skip_if(kArchitecture),
        kKill, // another architecture's numbers mean other calls
        statement(kLoad, offsetof(seccomp_data, nr)),
        {BPF_JMP | BPF_JGE | BPF_K, 0, 1, kX32},
        kKill,
    };
    for (const std::uint32_t call : kForbidden) {
        filter.push_back(skip_unless(call));
        filter.push_back(kRefuse);
    }
    filter.push_back(skip_unless(SYS_ioctl));
    filter.push_back(statement(BPF_JMP | BPF_JA, 1));
    filter.push_back(kAllow);
    filter.push_back(
        statement(kLoad, offsetof(seccomp_data, args[1]))); // its low half: the kernel's int
    for (const std::uint32_t request : {std::uint32_t{I2C_RDWR}, std::uint32_t{I2C_SLAVE}}) {
        filter.push_back(skip_unless(request));
        filter.push_back(kAllow);
    }
    filter.push_back(kRefuse);
    return filter;
}

} // namespace

Result<void> confine() {
    (void)::syscall(SYS_close_range, kHelperSocket + 1, ~0U, 0U);
    (void)::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (kArchitecture == 0) {
        return fail(ErrorCode::NotSupported, "seccomp: no filter for this architecture");
    }
    std::vector<sock_filter> filter = make_filter();
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        return fail_errno("seccomp", errno);
    }
    return {};
}

} // namespace spicykvm::ddc
