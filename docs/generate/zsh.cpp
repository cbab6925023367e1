// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "generate/completion.h"
#include "generate/shell_words.h"

namespace spicykvm::docs {

namespace {

constexpr std::string_view kNames = R"zsh(
# Asked when the key is pressed; nothing if the daemon does not run.
_spicykvmctl_targets() {
    local -a names
    local on=${opt_args[--bus]:-$bus}
    names=(${(f)"$(spicykvmctl ${on:+--bus=$on} targets --names 2>/dev/null)"})
    _wanted targets expl target compadd -a names
}

_spicykvmctl_displays() {
    local -a names
    names=(${(f)"$(spicykvmctl displays --names 2>/dev/null)"})
    _wanted displays expl display compadd -a names
}

_spicykvmctl_displays_or_targets() {
    _alternative 'displays:display:_spicykvmctl_displays' 'targets:target:_spicykvmctl_targets'
}

_spicykvmctl() {
    local curcontext=$curcontext context state state_descr bus
    local -a line options commands
    typeset -A opt_args
)zsh";

/// Within the brackets of a specification for _arguments.
std::string explained(std::string_view text) {
    std::string result;
    for (const char c : text) {
        result += c == ']' || c == '[' || c == '\\' ? std::string{'\\', c} : std::string{c};
    }
    return "[" + result + "]";
}

std::string option_spec(const OptionText& option) {
    // After --help and --version nothing else is of use.
    const bool is_last = option.name == "--help" || option.name == "--version";
    std::string spec = is_last ? "(- *)" : option.repeatable ? "*" : "";
    spec += option.name + (option.value.empty() ? "" : "=") + explained(option.meaning);
    if (!option.value.empty()) {
        spec += ":" + option.value + ":";
        spec += !option.words.empty()   ? "(" + joined(option.words) + ")"
                : is_file(option.value) ? "_files"
                                        : " ";
    }
    return in_quotes(spec);
}

std::string flag_spec(const ctl::Flag& flag) {
    const bool has_value = !flag.value.empty();
    return in_quotes(std::string(flag.name) + (has_value ? "=" : "") + explained(flag.meaning) +
                     (has_value ? ":" + std::string(flag.value) + ": " : ""));
}

std::string word_spec(const ctl::Argument& word, std::size_t number) {
    const auto kinds = kinds_of(word);
    const std::string action = kinds.empty()              ? " "
                               : kinds.size() > 1         ? "_spicykvmctl_displays_or_targets"
                               : kinds.front() == "files" ? "_files"
                                                          : "_spicykvmctl_" + kinds.front();
    std::string message(word.name);
    return in_quotes((word.many ? "*:" : std::to_string(number) + (word.needed ? ":" : "::")) +
                     message + ":" + action);
}

/// The line that completes what comes after a command.
std::string command_row(const ctl::Verb& verb, const std::string& indent) {
    std::string row = indent + std::string(last_word(verb)) + ") _arguments $options";
    for (const ctl::Flag& flag : flags_of(verb)) {
        row += " " + flag_spec(flag);
    }
    std::size_t number = 0;
    for (const ctl::Argument& word : words_of(verb)) {
        row += " " + word_spec(word, ++number);
    }
    return row + " ;;\n";
}

/// The words that may come now, each with what it does.
std::string choices(const std::vector<std::string>& rows, const std::string& indent) {
    std::string text = indent + "commands=(\n";
    for (const std::string& row : rows) {
        text += indent + "    " + in_quotes(row) + "\n";
    }
    return text + indent + ")\n" + indent + "_describe -t commands command commands\n";
}

std::string group(const std::string& first) {
    const std::string indent(20, ' ');
    std::vector<std::string> rows;
    std::string commands;
    for (const ctl::Verb* verb : commands_of(first)) {
        rows.push_back(std::string(last_word(*verb)) + ":" + std::string(verb->summary));
        commands += command_row(*verb, indent + "    ");
    }
    return std::string(16, ' ') + first + ")\n" + indent +
           "_arguments -C $options '1: :->command' '*:: :->words' && return\n" + indent +
           "bus=${opt_args[--bus]:-$bus}\n" + indent + "if [[ $state == command ]]; then\n" +
           choices(rows, indent + "    ") + indent + "    return\n" + indent + "fi\n" + indent +
           "case $line[1] in\n" + commands + indent + "esac\n" + indent + ";;\n";
}

std::string ctl_completion(const Program& program) {
    std::string text = "#compdef spicykvmctl\n" + script_head("zsh", program.name) +
                       std::string(kNames) + "    options=(\n";
    for (const OptionText& option : program.options) {
        text += "        " + option_spec(option) + "\n";
    }
    text += "    )\n    _arguments -C $options '1: :->command' '*:: :->words' && return\n"
            "    bus=${opt_args[--bus]-}\n    case $state in\n        command)\n";
    std::vector<std::string> rows;
    std::string commands;
    for (const std::string& first : first_words()) {
        std::vector<std::string> seconds;
        for (const ctl::Verb* verb : commands_of(first)) {
            seconds.emplace_back(last_word(*verb));
        }
        if (!seconds.empty()) {
            rows.push_back(first + ":" + joined(seconds, ", "));
            commands += group(first);
        }
        for (const ctl::Verb& verb : ctl::verbs()) {
            if (verb.name == first) {
                rows.push_back(first + ":" + std::string(verb.summary));
                commands += command_row(verb, std::string(16, ' '));
            }
        }
    }
    return text + choices(rows, std::string(12, ' ')) +
           "            ;;\n        words)\n            case $line[1] in\n" + commands +
           "            esac\n            ;;\n    esac\n}\n\n_spicykvmctl \"$@\"\n";
}

} // namespace

std::string zsh_completion(const Program& program) {
    if (program.name == "spicykvmctl") {
        return ctl_completion(program);
    }
    const std::string name(program.name);
    std::string text = "#compdef " + name + "\n" + script_head("zsh", name) + "\n_arguments \\\n";
    for (const OptionText& option : program.options) {
        text += "    " + option_spec(option);
        text += &option == &program.options.back() ? "\n" : " \\\n";
    }
    return text;
}

} // namespace spicykvm::docs
