// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/diagnostics.h"

#include <algorithm>
#include <numeric>

namespace spicykvm::config {

namespace {

/// Levenshtein distance with swapped neighbours counted as one.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(above.begin(), above.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        std::swap(before, above);
        std::swap(above, row);
    }
    return above[b.size()];
}

} // namespace

std::string to_string(const Diagnostic& diagnostic) {
    std::string text = diagnostic.place.file;
    if (diagnostic.place.line != 0) {
        text += ':' + std::to_string(diagnostic.place.line);
    }
    text += text.empty() ? "" : ": ";
    text += diagnostic.severity == Severity::Warning ? "warning: " : "";
    text += diagnostic.key.empty() ? "" : diagnostic.key + ": ";
    return text + diagnostic.text;
}

std::vector<Diagnostic> Diagnostics::sorted() const {
    const auto rank = [this](const Diagnostic& diagnostic) {
        const auto file = std::find(files_.begin(), files_.end(), diagnostic.place.file);
        return std::pair(file - files_.begin(), diagnostic.place.line);
    };
    std::vector<Diagnostic> list = list_;
    std::stable_sort(list.begin(), list.end(), [&rank](const Diagnostic& a, const Diagnostic& b) {
        return rank(a) < rank(b);
    });
    return list;
}

void Diagnostics::add(Severity severity, Place place, std::string key, std::string text) {
    errors_ = errors_ || severity == Severity::Error;
    if (list_.size() == kMax) {
        list_.push_back({severity, place, {}, "too many problems: the rest is not shown"});
    }
    if (list_.size() > kMax) {
        return;
    }
    if (std::find(files_.begin(), files_.end(), place.file) == files_.end()) {
        files_.push_back(place.file);
    }
    list_.push_back({severity, std::move(place), std::move(key), std::move(text)});
}

std::string quote(std::string_view text) {
    constexpr std::size_t kShown = 80;
    std::string result = "\"";
    for (const char c : text.substr(0, kShown)) {
        const auto byte = static_cast<unsigned char>(c);
        result += byte < 0x20 || byte == 0x7f ? '?' : c;
    }
    // A cut may fall into a UTF-8 sequence: drop what is left of it.
    if (text.size() > kShown) {
        while (!result.empty() && (static_cast<unsigned char>(result.back()) & 0xc0U) == 0x80) {
            result.pop_back();
        }
        if (static_cast<unsigned char>(result.back()) >= 0xc0) {
            result.pop_back();
        }
        result += "...";
    }
    return result + '"';
}

std::string_view closest(std::string_view word, const std::vector<std::string_view>& candidates) {
    constexpr std::size_t kLongest = 40;
    std::string_view best;
    std::size_t least = std::min<std::size_t>(2, word.size() / 2);
    for (const std::string_view candidate : candidates) {
        if (word.size() > kLongest) {
            break;
        }
        const std::size_t steps = distance(word, candidate);
        if (steps <= least && (best.empty() || steps < least)) {
            best = candidate;
            least = steps;
        }
    }
    return best;
}

} // namespace spicykvm::config
