// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/allocations.h"

#include <cstddef>
#include <cstdlib>
#include <new>
#include <unistd.h>

namespace {

std::atomic<pid_t> watched{0};
std::atomic<std::uint64_t> count{0};

void* allocate(std::size_t size, std::size_t alignment) {
    if (const pid_t thread = watched.load(std::memory_order_relaxed);
        thread != 0 && thread == ::gettid()) {
        count.fetch_add(1, std::memory_order_relaxed);
    }
    void* memory = nullptr;
    if (::posix_memalign(&memory, alignment, size > 0 ? size : 1) != 0) {
        throw std::bad_alloc();
    }
    return memory;
}

} // namespace

// The array and nothrow forms of the library call these.
void* operator new(std::size_t size) {
    return allocate(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

namespace spicykvm::bench {

AllocationCount::AllocationCount(pid_t thread) noexcept {
    count = 0;
    watched = thread;
}

AllocationCount::~AllocationCount() {
    watched = 0;
}

std::uint64_t AllocationCount::get() const noexcept {
    return count.load(std::memory_order_relaxed);
}

} // namespace spicykvm::bench
