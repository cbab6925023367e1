// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bench/samples.h"

#include <cstddef>

namespace spicykvm::bench {

/// How long a thread takes from the return of the read() that brings events to the return of the
/// send() that passes them on. The program is linked so that its read(), send() and recv() come by
/// here (ld --wrap); so the code that is measured stays as it is.
class Stamps {
  public:
    /// Only one at a time.
    Stamps(int events, int socket, std::size_t most);
    Stamps(const Stamps&) = delete;
    Stamps& operator=(const Stamps&) = delete;
    ~Stamps();

    /// When the thread is known to be at rest.
    [[nodiscard]] Samples take() const;
};

} // namespace spicykvm::bench
