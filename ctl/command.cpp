// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/command.h"

#include "ctl/exit_code.h"
#include "ctl/text.h"

#include <algorithm>

namespace spicykvm::ctl {

namespace {

constexpr std::string_view kUsageLine = "usage: spicykvmctl [--bus system|session] COMMAND\n\n";

std::string call_of(const Verb& verb) {
    return std::string(verb.name) + (verb.arguments.empty() ? "" : " ") +
           std::string(verb.arguments);
}

std::string options_help() {
    std::vector<std::vector<std::string>> rows;
    for (const OptionText& option : describe_options()) {
        std::string value;
        for (const std::string& word : option.words) {
            value += (value.empty() ? " " : "|") + word;
        }
        rows.push_back({"  " + option.name + value, option.meaning});
    }
    for (const Flag& flag : flags()) {
        const std::string value = flag.value.empty() ? "" : "=" + std::string(flag.value);
        rows.push_back({"  " + std::string(flag.name) + value, std::string(flag.meaning)});
    }
    return aligned(rows);
}

std::string exit_codes_help() {
    std::vector<std::vector<std::string>> rows;
    for (const ExitText& exit : kExitTexts) {
        rows.push_back({"  " + std::to_string(exit.code), std::string(exit.meaning)});
    }
    return aligned(rows);
}

std::string help() {
    std::vector<std::vector<std::string>> rows;
    for (const Verb& verb : verbs()) {
        rows.push_back({"  " + call_of(verb), std::string(verb.summary)});
    }
    return std::string(kUsageLine) + aligned(rows) + "\nOptions:\n" + options_help() +
           "\nBackspace+Escape+Enter always brings keyboard and mouse home.\n\nExit codes:\n" +
           exit_codes_help();
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

/// The words that a verb takes, flags apart.
struct WordsOf {
    std::vector<std::string> needed;
    std::size_t most = 0;
};

WordsOf words_of(const Verb& verb) {
    WordsOf words;
    for (const Argument& argument : arguments_of(verb)) {
        if (argument.needed) {
            words.needed.emplace_back(argument.name);
        }
        words.most += argument.flag ? 0 : 1;
        if (argument.many) {
            words.most = kManyWords;
        }
    }
    return words;
}

std::optional<Exit> check_words(const std::vector<std::string>& words, const Verb& verb) {
    const WordsOf allowed = words_of(verb);
    if (words.size() > allowed.most) {
        return wrong("\"" + words[allowed.most] + "\" is too much; allowed: " + call_of(verb));
    }
    if (words.size() < allowed.needed.size()) {
        return wrong(allowed.needed[words.size()] + " is missing; allowed: " + call_of(verb));
    }
    return std::nullopt;
}

/// "--json" where it says "[--json]", "--seconds=5" where it says "[--seconds=N]".
bool takes_flag(const Verb& verb, std::string_view word) {
    const std::size_t equals = word.find('=');
    const auto all = arguments_of(verb);
    return std::any_of(all.begin(), all.end(), [&](const Argument& argument) {
        return argument.flag && argument.name == word.substr(0, equals) &&
               argument.value.empty() == (equals == std::string_view::npos);
    });
}

/// "--seconds", whose value may be the next word.
bool has_value(std::string_view word) {
    const auto all = flags();
    return std::any_of(all.begin(), all.end(),
                       [&](const Flag& flag) { return flag.name == word && !flag.value.empty(); });
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
        } else if (has_value(word) && i + 1 < words.size()) {
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

/// "get, set, probe" for "ddc"; empty for what no command begins with.
std::string second_words(std::string_view first) {
    std::string text;
    for (const Verb& verb : verbs()) {
        if (verb.name.starts_with(first) && verb.name.substr(first.size()).starts_with(' ')) {
            text += (text.empty() ? "" : ", ") + std::string(verb.name.substr(first.size() + 1));
        }
    }
    return text;
}

Exit no_verb(const Words& words) {
    if (words.plain.empty() && !words.flags.empty()) {
        return wrong("\"" + words.flags.front() +
                     "\" is not an option of spicykvmctl itself; "
                     "allowed: --bus, --help, --version");
    }
    if (words.plain.empty()) {
        return wrong("a command is missing; allowed: " + names());
    }
    const std::string& first = words.plain.front();
    const std::string seconds = second_words(first);
    if (seconds.empty()) {
        return wrong("\"" + first + "\" is not a command; allowed: " + names());
    }
    return wrong(words.plain.size() == 1
                     ? first + ": a word is missing; allowed: " + seconds
                     : first + ": \"" + words.plain[1] + "\" is not allowed; allowed: " + seconds);
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
        command.arguments.names |= flag == "--names";
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
    Command command;
    command.session_bus = words.bus == "session";
    command.verb = take_verb(words.plain);
    if (command.verb == nullptr) {
        return no_verb(words);
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

std::vector<OptionText> describe_options() {
    return {{"--bus",
             "BUS",
             {"system", "session"},
             "the message bus that spicykvmd is on [$SPICYKVM_BUS, else system]"},
            {"--help", "", {}, "print this help and exit"},
            {"--version", "", {}, "print the version and exit"}};
}

} // namespace spicykvm::ctl
