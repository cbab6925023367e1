// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The text of a configuration file, read alone and once more over itself.
#include "config/check.h"
#include "config/keys.h"
#include "fuzz/target.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace spicykvm::fuzz {

namespace {

using namespace spicykvm::config;

/// Whatever a file contains, what is said about it is one harmless line each.
void check_lines(const Diagnostics& diagnostics) {
    const std::vector<Diagnostic> list = diagnostics.sorted();
    require(list.size() <= Diagnostics::kMax + 1);
    for (const Diagnostic& diagnostic : list) {
        const std::string line = to_string(diagnostic);
        require(!diagnostic.text.empty());
        require(std::none_of(line.begin(), line.end(),
                             [](unsigned char c) { return c < 0x20 || c == 0x7f; }));
    }
}

/// What the rest of the daemon relies on in a configuration that is right.
void check_config(const Config& config) {
    require(config.targets.size() <= kMaxTargets);
    std::set<std::string_view> names;
    for (const TargetConfig& target : config.targets) {
        require(is_target_name(target.name) && is_target_uri(target.uri));
        require(names.insert(target.name).second);
    }
    require(config.daemon.default_target.empty() || names.contains(config.daemon.default_target));
    require(config.input.devices.automatic || !config.input.devices.rules.empty());
    for (const core::Hotkey& hotkey : hotkey_table(config).hotkeys) {
        require(hotkey.key_count >= 1 && hotkey.key_count <= core::Hotkey::kMaxKeys);
        require(core::index(hotkey.target) == 0 ||
                core::index(hotkey.target) < config.targets.size());
    }
}

} // namespace

void run(std::span<const std::uint8_t> input) {
    const std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
    Draft draft;
    read_text(draft, "first", text);
    check_whole(draft);
    check_lines(draft.diagnostics);
    if (draft.diagnostics.has_errors()) {
        return;
    }
    check_config(draft.config);
    // A drop-in that says the same changes nothing.
    const core::HotkeyTable before = hotkey_table(draft.config);
    const std::size_t targets = draft.config.targets.size();
    read_text(draft, "second", text);
    check_whole(draft);
    require(!draft.diagnostics.has_errors());
    require(draft.config.targets.size() == targets);
    require(hotkey_table(draft.config).hotkeys == before.hotkeys);
}

} // namespace spicykvm::fuzz
