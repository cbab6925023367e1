// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "allocations.h"

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t g_allocations = 0;

} // namespace

std::size_t spicykvm::input::test::allocations() noexcept {
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

namespace {

void* allocate(std::size_t size) {
    ++g_allocations;
    void* const memory = std::malloc(size > 0 ? size : 1);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    return memory;
}

} // namespace

void* operator new(std::size_t size) {
    return allocate(size);
}
void* operator new[](std::size_t size) {
    return allocate(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}

#endif
