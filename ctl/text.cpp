// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/text.h"

#include <algorithm>

namespace spicykvm::ctl {

namespace {

/// Characters, not bytes. Double-width ones are rare in names of devices and count as one.
std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80;
    }));
}

} // namespace

std::string one_line(std::string_view text) {
    std::string line(text);
    std::replace_if(
        line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return line;
}

std::string or_dash(std::string_view text) {
    return text.empty() ? "-" : one_line(text);
}

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths(rows.empty() ? 0 : rows.front().size());
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < std::min(row.size(), widths.size()); ++i) {
            widths[i] = std::max(widths[i], width(row[i]));
        }
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) {
                line.append(widths[i] - width(row[i]) + 2, ' ');
            }
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    }
    return text;
}

std::string duration_text(std::uint64_t microseconds) {
    const std::uint64_t seconds = microseconds / 1'000'000;
    const auto text = [](std::uint64_t number, const char* unit) {
        return std::to_string(number) + unit;
    };
    if (seconds < 60) {
        return text(seconds, " s");
    }
    if (seconds < 3600) {
        return text(seconds / 60, " min");
    }
    if (seconds < 86400) {
        return text(seconds / 3600, " h ") + text(seconds / 60 % 60, " min");
    }
    return text(seconds / 86400, " d ") + text(seconds / 3600 % 24, " h");
}

} // namespace spicykvm::ctl
