// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/capabilities.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>

namespace spicykvm::ddc {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::size_t kMaxValue = 64;    ///< of a text such as model()
constexpr std::size_t kMaxWarnings = 16; ///< a long string of garbage needs no thousand

std::string_view trim(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string printable(std::string_view text) {
    std::string result(trim(text).substr(0, kMaxValue));
    std::ranges::replace_if(
        result, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
    return result;
}

std::optional<unsigned> digit(char c) {
    if (c >= '0' && c <= '9') {
        return static_cast<unsigned>(c - '0');
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? std::optional(static_cast<unsigned>(lower - 'a') + 10)
                                        : std::nullopt;
}

class Parser {
  public:
    Capabilities run(std::string_view text) {
        text = trim(text);
        if (text.starts_with('(')) {
            text.remove_prefix(1);
        } else {
            warn("no opening parenthesis");
        }
        segments(text);
        return std::move(result_);
    }

  private:
    void warn(std::string text) {
        if (result_.warnings.size() < kMaxWarnings) {
            result_.warnings.push_back(std::move(text));
        }
    }

    /// What the parenthesis that was just opened holds; takes it and its end off `rest`.
    std::string_view inside(std::string_view& rest) {
        std::size_t depth = 1;
        for (std::size_t i = 0; i < rest.size(); ++i) {
            depth += rest[i] == '(' ? 1 : 0;
            depth -= rest[i] == ')' ? 1 : 0;
            if (depth == 0) {
                const std::string_view found = rest.substr(0, i);
                rest.remove_prefix(i + 1);
                return found;
            }
        }
        warn("no closing parenthesis");
        return std::exchange(rest, {});
    }

    void segments(std::string_view rest) {
        while (true) {
            const std::size_t stop = rest.find_first_of("()");
            const std::string_view name = trim(rest.substr(0, stop));
            if (stop == std::string_view::npos || rest[stop] == ')') {
                unlabeled(name);
                end(rest, stop);
                return;
            }
            rest.remove_prefix(stop + 1);
            segment(name, inside(rest));
        }
    }

    void end(std::string_view rest, std::size_t stop) {
        if (stop == std::string_view::npos) {
            warn("no closing parenthesis at the end");
        } else if (!trim(rest.substr(stop + 1)).empty()) {
            warn("text behind the end");
        }
    }

    void unlabeled(std::string_view text) {
        if (!text.empty()) {
            warn("text without a name: " + printable(text));
        }
    }

    void segment(std::string_view name, std::string_view value) {
        // Some monitors put text before a name without any parenthesis: what it ends with counts.
        const auto is = [&](std::string_view known) {
            if (!name.ends_with(known)) {
                return false;
            }
            unlabeled(trim(name.substr(0, name.size() - known.size())));
            return true;
        };
        if (is("vcp")) {
            features(value);
        } else if (is("mccs_ver")) {
            result_.mccs_version = printable(value);
        } else if (is("prot")) {
            result_.protocol = printable(value);
        } else if (is("type")) {
            result_.type = printable(value);
        } else if (is("model")) {
            result_.model = printable(value);
        }
    }

    /// The next code: two digits at a time, so that "0204" is two of them, but "2" alone is one.
    std::optional<std::uint8_t> code(std::string_view& rest) {
        const auto first = digit(rest[0]);
        if (!first) {
            return std::nullopt;
        }
        const auto second = rest.size() > 1 ? digit(rest[1]) : std::nullopt;
        rest.remove_prefix(second ? 2 : 1);
        return static_cast<std::uint8_t>(second ? *first * 16 + *second : *first);
    }

    void features(std::string_view rest) {
        while (!rest.empty()) {
            const char next = rest.front();
            if (next == '(') {
                rest.remove_prefix(1);
                values(inside(rest));
            } else if (kBlanks.find(next) != std::string_view::npos) {
                rest.remove_prefix(1);
            } else if (const auto number = code(rest)) {
                result_.features.push_back({*number, {}});
            } else {
                warn("vcp(): no hexadecimal number");
                rest.remove_prefix(1);
            }
        }
    }

    void values(std::string_view rest) {
        if (result_.features.empty()) {
            warn("vcp(): values of no feature");
            return;
        }
        auto& list = result_.features.back().values;
        while (!rest.empty()) {
            const auto number = code(rest);
            if (!number) {
                // Blanks, and vendors' nested parentheses, whose numbers are taken as they come.
                rest.remove_prefix(1);
            } else if (std::ranges::find(list, *number) == list.end()) {
                list.push_back(*number);
            }
        }
    }

    Capabilities result_;
};

} // namespace

Capabilities Capabilities::parse(ByteSpan bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes.first(std::min(bytes.size(), kMaxText))) {
        text += static_cast<char>(byte);
    }
    // Monitors pad with NULs.
    text.erase(text.find_last_not_of('\0') + 1);
    Capabilities result = Parser().run(text);
    if (bytes.size() > kMaxText) {
        result.warnings.push_back("longer than " + std::to_string(kMaxText) + " bytes: cut off");
    }
    return result;
}

} // namespace spicykvm::ddc
