// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What the completions of all shells share.
#pragma once

#include "base/option_text.h"
#include "ctl/verbs.h"

#include <string>
#include <string_view>
#include <vector>

namespace spicykvm::docs {

/// The first line of a script, after what its shell wants there.
[[nodiscard]] std::string script_head(std::string_view shell, std::string_view program);

/// In single quotes; one in the text as `escaped`: '\'' for bash and zsh, \' for fish.
[[nodiscard]] std::string in_quotes(std::string_view text, std::string_view escaped = "'\\''");

[[nodiscard]] std::string joined(const std::vector<std::string>& words,
                                 std::string_view between = " ");

/// Whether a value of this name is the path of a file.
[[nodiscard]] bool is_file(std::string_view value) noexcept;

/// The first words of all commands, each once: "status", "ddc".
[[nodiscard]] std::vector<std::string> first_words();
/// The commands of two words that begin with this one.
[[nodiscard]] std::vector<const ctl::Verb*> commands_of(std::string_view first);
/// "get" of "ddc get", "status" of "status".
[[nodiscard]] std::string_view last_word(const ctl::Verb& verb) noexcept;

/// Words and flags of a command, as in its table.
[[nodiscard]] std::vector<ctl::Argument> words_of(const ctl::Verb& verb);
[[nodiscard]] std::vector<ctl::Flag> flags_of(const ctl::Verb& verb);
/// "target" and "display" for "DISPLAY|TARGET", "file" for "FILE"; nothing for what can't be known.
[[nodiscard]] std::vector<std::string> kinds_of(const ctl::Argument& word);

} // namespace spicykvm::docs
