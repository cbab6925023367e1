// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz/target.h"

#include <cstddef>
#include <cstdlib>

namespace spicykvm::fuzz {

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

} // namespace spicykvm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    spicykvm::fuzz::run({data, size});
    return 0;
}
