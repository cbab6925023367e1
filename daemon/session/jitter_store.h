// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "session/audio/frames.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace spicykvm::session {

/// How late each VM's packets are at worst, by target: learned in hours, so kept over restarts.
using JitterTable = std::map<std::string, audio::Nanoseconds, std::less<>>;

// The file:
//
//     spicykvm-jitter 1
//     microseconds TAB target       0..100000; other lines are passed over
//
inline constexpr std::size_t kMaxJitters = 256;
inline constexpr std::size_t kMaxJitterFile = 64 * 1024;

[[nodiscard]] std::string encode_jitter(const JitterTable& table);
/// Nothing, if this is no such file.
[[nodiscard]] std::optional<JitterTable> decode_jitter(std::string_view text);

/// The table and its file. What can't be read or written is as good as not there.
class JitterStore {
  public:
    /// `path`: of the file, whose folder is made when it is needed; empty: nothing is kept.
    explicit JitterStore(std::string path);

    /// What a VM begins with.
    [[nodiscard]] audio::Nanoseconds of(std::string_view target) const;
    void learn(const std::string& target, audio::Nanoseconds jitter);
    /// Replaces the file as a whole, if there is news of a millisecond or more.
    [[nodiscard]] Result<void> save();

  private:
    std::string path_;
    JitterTable table_;
    JitterTable saved_;
};

/// Where programs of the user keep what is to last: $STATE_DIRECTORY (systemd's, for this program
/// alone), $XDG_STATE_HOME or ~/.local/state. Empty: there is no such place.
[[nodiscard]] std::string state_file(const char* name);

} // namespace spicykvm::session
