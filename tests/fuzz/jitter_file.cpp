// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The file of what was learned about the VMs.
#include "fuzz/target.h"
#include "session/audio/target_policy.h"
#include "session/jitter_store.h"

namespace spicykvm::fuzz {

void run(std::span<const std::uint8_t> input) {
    const std::string text(input.begin(), input.end());
    const auto table = session::decode_jitter(text);
    if (!table) {
        return;
    }
    require(table->size() <= session::kMaxJitters);
    for (const auto& [target, jitter] : *table) {
        require(!target.empty() && target.find('\n') == std::string::npos);
        require(jitter.count() >= 0 && jitter <= audio::TargetPolicy::kCap);
    }
    require(session::decode_jitter(session::encode_jitter(*table)) == table);
}

} // namespace spicykvm::fuzz
