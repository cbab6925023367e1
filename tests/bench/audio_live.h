// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bench/table.h"

namespace spicykvm::bench {

/// A11: how long after PipeWire's socket is back a stream is heard again.
void measure_restart(Table& table);
/// A14: from a guest's sound to a null sink's, all of it real but the guest.
void measure_end_to_end(Table& table);

} // namespace spicykvm::bench
