// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/command.h"

#include "ctl/exit_code.h"
#include "ctl/text.h"

#include <algorithm>

namespace spicykvm::ctl {

namespace {

constexpr std::string_view kUsageLine = "usage: spicykvmctl [--bus system|session] COMMAND\n\n";
constexpr std::string_view kFooter =
    "\nOptions:\n"
    "  --bus system|session  where spicykvmd is; default: $SPICYKVM_BUS, else system\n"
    "  --help, --version\n"
    "\nBackspace+Escape+Enter always brings keyboard and mouse home.\n"
    "\nExit codes: 0 done, 1 failed, 2 the command line is wrong, 3 spicykvmd is not running,\n"
    "4 not authorised, 5 the target or the configuration is wrong, 6 the VM or the monitor is not\n"
    "reachable or refused, 7 doctor found something wrong.\n";

std::string call_of(const Verb& verb) {
    return std::string(verb.name) + (verb.arguments.empty() ? "" : " ") +
           std::string(verb.arguments);
}

std::string help() {
    std::vector<std::vector<std::string>> rows;
    for (const Verb& verb : verbs()) {
        rows.push_back({"  " + call_of(verb), std::string(verb.summary)});
    }
    return std::string(kUsageLine) + aligned(rows) + std::string(kFooter);
}

Exit wrong(const std::string& text) {
    return {kUsage, {}, "spicykvmctl: " + one_line(text) + " (see spicykvmctl --help)\n"};
}

std::string names() {
    std::string text;
    for (const Verb& verb : verbs()) {
        text += (text.empty() ? "" : ", ") + std::string(verb.name);
    }
    return text;
}

constexpr std::size_t kManyWords = 64;

/// The words that a verb takes: "DISPLAY" is needed, "[TARGET]" is not; flags begin with "[--".
struct WordsOf {
    std::vector<std::string> needed;
    std::size_t most = 0;
};

WordsOf words_of(std::string_view arguments) {
    WordsOf words;
    while (!arguments.empty()) {
        const std::size_t end = std::min(arguments.find(' '), arguments.size());
        const std::string_view word = arguments.substr(0, end);
        if (!word.starts_with('[')) {
            words.needed.emplace_back(word);
        }
        words.most += word.starts_with("[--") ? 0 : 1;
        if (word.ends_with("...]")) {
            words.most = kManyWords;
        }
        arguments.remove_prefix(std::min(end + 1, arguments.size()));
    }
    return words;
}

std::optional<Exit> check_words(const std::vector<std::string>& words, const Verb& verb) {
    const WordsOf allowed = words_of(verb.arguments);
    if (words.size() > allowed.most) {
        return wrong("\"" + words[allowed.most] + "\" is too much; allowed: " + call_of(verb));
    }
    if (words.size() < allowed.needed.size()) {
        return wrong(allowed.needed[words.size()] + " is missing; allowed: " + call_of(verb));
    }
    return std::nullopt;
}

/// "--json" where it says "[--json]", "--seconds=5" where it says "[--seconds=N]".
bool takes_flag(const Verb& verb, std::string_view flag) {
    const std::size_t value = flag.find('=');
    const std::string meant = value == std::string_view::npos
                                  ? "[" + std::string(flag) + "]"
                                  : "[" + std::string(flag.substr(0, value + 1)) + "N]";
    return verb.arguments.find(meant) != std::string_view::npos;
}

/// What the command line contains, options apart.
struct Words {
    std::vector<std::string> plain;
    std::vector<std::string> flags;
    std::string bus = "system";
};

/// Takes `--bus BUS` and `--bus=BUS` out; the rest is split into options and words.
std::optional<Exit> split(const std::vector<std::string>& words, Words& split_words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string& word = words[i];
        if (word == "--") {
            split_words.plain.insert(split_words.plain.end(),
                                     words.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                     words.end());
            break;
        }
        if (word == "--bus") {
            if (++i == words.size()) {
                return wrong("--bus: a word is missing; allowed: system, session");
            }
            split_words.bus = words[i];
        } else if (word.starts_with("--bus=")) {
            split_words.bus = word.substr(6);
        } else if (word == "--seconds" && i + 1 < words.size()) {
            split_words.flags.push_back(word + "=" + words[++i]);
        } else if (word.starts_with('-') && word != "-") {
            split_words.flags.push_back(word);
        } else {
            split_words.plain.push_back(word);
        }
    }
    return std::nullopt;
}

/// The verb that the words begin with, which are taken away.
const Verb* take_verb(std::vector<std::string>& words) {
    for (const Verb& verb : verbs()) {
        const std::size_t space = verb.name.find(' ');
        const std::size_t count = space == std::string_view::npos ? 1 : 2;
        if (words.size() < count) {
            continue;
        }
        const std::string name = count == 1 ? words[0] : words[0] + " " + words[1];
        if (name == verb.name) {
            words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count));
            return &verb;
        }
    }
    return nullptr;
}

std::optional<Exit> take_flags(const std::vector<std::string>& flags, Command& command) {
    for (const std::string& flag : flags) {
        if (!takes_flag(*command.verb, flag)) {
            return wrong("\"" + flag + "\" is not an option of " + std::string(command.verb->name) +
                         "; allowed: " +
                         (command.verb->arguments.find("[--") == std::string_view::npos
                              ? "none"
                              : std::string(command.verb->arguments)));
        }
        command.arguments.json |= flag == "--json";
        command.arguments.watch |= flag == "--watch";
        if (const std::size_t value = flag.find('='); value != std::string::npos) {
            command.arguments.seconds = flag.substr(value + 1);
        }
    }
    return std::nullopt;
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

} // namespace

std::variant<Command, Exit> parse_command(const std::vector<std::string>& all,
                                          const std::optional<std::string>& default_bus) {
    Words words;
    words.bus = default_bus.value_or("system");
    if (auto exit = split(all, words)) {
        return *exit;
    }
    if (contains(words.flags, "--help") || contains(words.flags, "-h")) {
        return Exit{kOk, help(), {}};
    }
    if (contains(words.flags, "--version")) {
        return Exit{kOk, std::string("spicykvmctl ") + SPICYKVM_VERSION + "\n", {}};
    }
    if (words.bus != "system" && words.bus != "session") {
        return wrong("--bus: \"" + words.bus + "\" is not a bus; allowed: system, session");
    }
    if (words.plain.empty()) {
        return wrong("a command is missing; allowed: " + names());
    }
    Command command;
    command.session_bus = words.bus == "session";
    const std::string first = words.plain.front();
    command.verb = take_verb(words.plain);
    if (command.verb == nullptr) {
        return wrong("\"" + first + "\" is not a command; allowed: " + names());
    }
    if (auto exit = take_flags(words.flags, command)) {
        return *exit;
    }
    if (auto exit = check_words(words.plain, *command.verb)) {
        return *exit;
    }
    command.arguments.words = std::move(words.plain);
    return command;
}

} // namespace spicykvm::ctl
