// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "config/reader.h"

#include <functional>

namespace spicykvm::config {

/// What is wrong with a key of a target, such as "uri"; a line that says what is allowed.
struct TargetFault {
    std::string key;
    std::string text;
};
/// What only the other parts of the daemon know to be wrong.
using TargetCheck = std::function<std::vector<TargetFault>(const TargetConfig& target)>;

/// What can only be seen when all files are read: missing keys, hotkeys that exclude each other,
/// names that lead nowhere. Pure.
void check_whole(Draft& draft, const TargetCheck& target_check = {});

/// What depends on this machine: whether users exist, who may read password files. Sets `peer_uid`.
void check_system(Draft& draft);

} // namespace spicykvm::config
