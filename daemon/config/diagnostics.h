// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spicykvm::config {

inline constexpr const char* kCommandLine = "command line";

/// Where a setting is written.
struct Place {
    std::string file;  ///< as opened, or kCommandLine
    unsigned line = 0; ///< 0: none
};

enum class Severity { Error, Warning };

/// One thing that is wrong with a configuration.
struct Diagnostic {
    Severity severity = Severity::Error;
    Place place;
    std::string key;  ///< dotted, such as "target.win11.uri"; may be empty
    std::string text; ///< what is wrong, what is allowed
};

/// "file:line: key: what is wrong, what is allowed"; a warning says so after the place.
[[nodiscard]] std::string to_string(const Diagnostic& diagnostic);

/// What is wrong with a configuration, collected; a hostile file can't make it grow without end.
class Diagnostics {
  public:
    static constexpr std::size_t kMax = 100;

    void error(Place place, std::string key, std::string text) {
        add(Severity::Error, std::move(place), std::move(key), std::move(text));
    }
    void warning(Place place, std::string key, std::string text) {
        add(Severity::Warning, std::move(place), std::move(key), std::move(text));
    }
    [[nodiscard]] bool has_errors() const noexcept { return errors_; }
    /// In the order of files and lines.
    [[nodiscard]] std::vector<Diagnostic> sorted() const;

  private:
    void add(Severity severity, Place place, std::string key, std::string text);

    std::vector<Diagnostic> list_;
    std::vector<std::string> files_; ///< in the order they were first seen
    bool errors_ = false;
};

/// Foreign text for a message: in quotes, control characters as '?', cut when long.
[[nodiscard]] std::string quote(std::string_view text);
/// The candidate that is a slip of the finger away from `word`; empty: none is.
[[nodiscard]] std::string_view closest(std::string_view word,
                                       const std::vector<std::string_view>& candidates);

} // namespace spicykvm::config
