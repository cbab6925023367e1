// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/away_list.h"

#include <charconv>
#include <cstdint>
#include <cstdio>

namespace spicykvm::ddc {

namespace {

constexpr std::string_view kFirstLine = "spicykvm-monitors 1\n";

std::string escape(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '%') {
            result += c;
            continue;
        }
        char escaped[4];
        std::snprintf(escaped, sizeof escaped, "%%%02x", static_cast<unsigned>(c) & 0xff);
        result += escaped;
    }
    return result;
}

std::optional<std::string> unescape(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const char c = text.front();
        text.remove_prefix(1);
        if (c != '%') {
            result += c;
            continue;
        }
        std::uint8_t value = 0;
        if (text.size() < 2 ||
            std::from_chars(text.data(), text.data() + 2, value, 16).ptr != text.data() + 2) {
            return std::nullopt;
        }
        result += static_cast<char>(value);
        text.remove_prefix(2);
    }
    return result;
}

std::optional<AwayMonitor> decode_line(std::string_view line) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) {
        return std::nullopt;
    }
    const auto target = unescape(line.substr(0, tab));
    const auto monitor = unescape(line.substr(tab + 1));
    if (!target || !monitor) {
        return std::nullopt;
    }
    return AwayMonitor{*target, *monitor};
}

} // namespace

std::string encode_away(const AwayList& list) {
    std::string text(kFirstLine);
    for (const AwayMonitor& away : list) {
        text += escape(away.target) + '\t' + escape(away.monitor) + '\n';
    }
    return text;
}

std::optional<AwayList> decode_away(std::string_view text) {
    if (text.size() > kMaxAwayFile || !text.starts_with(kFirstLine)) {
        return std::nullopt;
    }
    text.remove_prefix(kFirstLine.size());
    AwayList list;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const auto away =
            end == std::string_view::npos ? std::nullopt : decode_line(text.substr(0, end));
        if (!away || list.size() == kMaxAway) {
            return std::nullopt;
        }
        list.push_back(*away);
        text.remove_prefix(end + 1);
    }
    return list;
}

} // namespace spicykvm::ddc
