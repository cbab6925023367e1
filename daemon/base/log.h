// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <spdlog/spdlog.h>
#include <string_view>

namespace spicykvm {

/// Where the lines go and how many. Under systemd (stderr is a journal stream, JOURNAL_STREAM is
/// set) lines carry the journal's priority prefix and no time; else time, level and component. Call
/// once, before other threads start.
void setup_logging(std::string_view program, spdlog::level::level_enum level);

/// The logger of a component (the folder's name). Made at first use; thread-safe; never null.
spdlog::logger& log(std::string_view component);

} // namespace spicykvm
