// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "generate/completion.h"
#include "generate/shell_words.h"

namespace spicykvm::docs {

namespace {

constexpr std::string_view kFunctions = R"fish(
# The words before the cursor, options and their values apart.
function __spicykvmctl_words
    set -l is_value 0
    for word in (commandline -opc)[2..-1]
        if test $is_value = 1
            set is_value 0
        else if contains -- $word VALUED
            set is_value 1
        else if not string match -q -- '-*' $word
            echo $word
        end
    end
end

# COUNT COMMAND...: whether the word COUNT after this command is being written; any: whichever.
function __spicykvmctl_at
    set -l words (__spicykvmctl_words)
    for word in $argv[2..-1]
        test "$words[1]" = $word
        or return 1
        set -e words[1]
    end
    test $argv[1] = any
    or test (count $words) = $argv[1]
end

# targets or displays: those that there are now; nothing if the daemon does not run.
function __spicykvmctl_names
    set -l bus
    set -l is_bus 0
    for word in (commandline -opc)
        if test $is_bus = 1
            set bus --bus=$word
        else if string match -q -- '--bus=*' $word
            set bus $word
        end
        test $word = --bus
        and set is_bus 1
        or set is_bus 0
    end
    spicykvmctl $bus $argv[1] --names 2>/dev/null
end

complete -c spicykvmctl -f
)fish";

std::string fish_quotes(std::string_view text) {
    return in_quotes(text, "\\'");
}

std::string option_row(std::string_view program, const OptionText& option) {
    std::string row = "complete -c " + std::string(program) + " -l " + option.name.substr(2);
    if (!option.words.empty()) {
        row += " -x -a " + fish_quotes(joined(option.words));
    } else if (!option.value.empty()) {
        row += is_file(option.value) ? " -r -F" : " -x";
    }
    return row + " -d " + fish_quotes(option.meaning) + "\n";
}

/// What is completed while `at` holds.
std::string row_at(const std::string& at, const std::string& what) {
    return "complete -c spicykvmctl -n " + fish_quotes("__spicykvmctl_at " + at) + " " + what +
           "\n";
}

std::string command_rows(const ctl::Verb& verb) {
    const std::string name(verb.name);
    std::string text;
    for (const ctl::Flag& flag : flags_of(verb)) {
        text += row_at("any " + name, "-l " + std::string(flag.name.substr(2)) +
                                          (flag.value.empty() ? "" : " -x") + " -d " +
                                          fish_quotes(flag.meaning));
    }
    std::size_t number = 0;
    for (const ctl::Argument& word : words_of(verb)) {
        const std::string at = (word.many ? "any" : std::to_string(number)) + " " + name;
        ++number;
        for (const std::string& kind : kinds_of(word)) {
            const std::string what(kind == "targets" ? "target" : "display");
            text += row_at(
                at, kind == "files" ? "-F" : "-a '(__spicykvmctl_names " + kind + ")' -d " + what);
        }
    }
    return text;
}

std::string ctl_completion(const Program& program) {
    std::string functions(kFunctions);
    std::vector<std::string> valued;
    std::string text;
    for (const OptionText& option : program.options) {
        if (!option.value.empty()) {
            valued.push_back(option.name);
        }
        text += option_row(program.name, option);
    }
    for (const ctl::Flag& flag : ctl::flags()) {
        if (!flag.value.empty()) {
            valued.emplace_back(flag.name);
        }
    }
    functions.replace(functions.find("VALUED"), 6, joined(valued));
    for (const std::string& first : first_words()) {
        std::vector<std::string> seconds;
        for (const ctl::Verb* verb : commands_of(first)) {
            seconds.emplace_back(last_word(*verb));
            text +=
                row_at("0 " + first, "-a " + seconds.back() + " -d " + fish_quotes(verb->summary));
        }
        if (!seconds.empty()) {
            text += row_at("0", "-a " + first + " -d " + fish_quotes(joined(seconds, ", ")));
        }
    }
    for (const ctl::Verb& verb : ctl::verbs()) {
        if (verb.name.find(' ') == std::string_view::npos) {
            text +=
                row_at("0", "-a " + std::string(verb.name) + " -d " + fish_quotes(verb.summary));
        }
        text += command_rows(verb);
    }
    return script_head("fish", program.name) + functions + text;
}

} // namespace

std::string fish_completion(const Program& program) {
    if (program.name == "spicykvmctl") {
        return ctl_completion(program);
    }
    std::string text =
        script_head("fish", program.name) + "\ncomplete -c " + std::string(program.name) + " -f\n";
    for (const OptionText& option : program.options) {
        text += option_row(program.name, option);
    }
    return text;
}

} // namespace spicykvm::docs
