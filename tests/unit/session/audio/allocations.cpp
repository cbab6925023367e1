// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "allocations.h"

namespace {

// Not dynamic: the loader must not allocate for it.
[[gnu::tls_model("initial-exec")]] thread_local std::size_t g_allocations = 0;

} // namespace

std::size_t spicykvm::audio::test::allocations() noexcept {
    return g_allocations;
}

#ifdef SPICYKVM_SANITIZED

#include <sanitizer/allocator_interface.h>

namespace {

void on_malloc(const volatile void*, std::size_t) {
    ++g_allocations;
}
void on_free(const volatile void*) {}

[[maybe_unused]] const int g_installed =
    __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);

} // namespace

#else

extern "C" {

// glibc's own names of what is replaced here.
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);

void* malloc(std::size_t size) {
    ++g_allocations;
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    ++g_allocations;
    return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
    ++g_allocations;
    return __libc_realloc(memory, size);
}
}

#endif
