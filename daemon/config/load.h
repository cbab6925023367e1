// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "config/check.h"
#include "config/options.h"

#include <string>
#include <vector>

namespace spicykvm::config {

/// The directory of config.toml and conf.d/*.toml.
inline constexpr std::string_view kConfigDirectory = "/etc/spicykvm";

struct Loaded {
    Config config; ///< of use only if ok
    bool ok = false;
    std::vector<Diagnostic> diagnostics; ///< errors and warnings, in the order of files and lines
    std::vector<std::string> files;      ///< that were read

    /// The errors, a line each; empty if ok.
    [[nodiscard]] std::string errors() const;
    /// If ok, for people: "2 files, 1 target, 3 hotkeys".
    [[nodiscard]] std::string summary() const;
};

/// Reads config.toml and conf.d/*.toml in the order of their names, or only options.file; puts the
/// command line over them; checks the whole. Without a file the configuration is empty.
[[nodiscard]] Loaded load(const Options& options, const TargetCheck& target_check = {},
                          std::string_view directory = kConfigDirectory);

} // namespace spicykvm::config
