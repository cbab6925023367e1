// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "generate/completion.h"
#include "generate/shell_words.h"

namespace spicykvm::docs {

namespace {

constexpr std::string_view kCtlHead = R"bash(
# COMMAND: what its words are, a word each; "..." at the end: more of the last.
_spicykvmctl_words() {
    case $1 in
)bash";
constexpr std::string_view kCtlFlags = R"bash(        *) return 1 ;;
    esac
}

# COMMAND: its flags.
_spicykvmctl_flags() {
    case $1 in
)bash";
constexpr std::string_view kCtlBody = R"bash(    esac
}

# KIND [BUS]: the words that there are now; none if the daemon does not run.
_spicykvmctl_names() {
    case $1 in
        *targets*) spicykvmctl "${@:2}" targets --names 2>/dev/null ;;
    esac
    case $1 in
        *displays*) spicykvmctl displays --names 2>/dev/null ;;
    esac
}

# COMMAND COUNT [BUS]: completes the word of the command that comes after COUNT of them.
_spicykvmctl_word() {
    local kinds
    read -ra kinds <<<"$(_spicykvmctl_words "$1")"
    local kind=${kinds[$2]-}
    [[ $kind || ${#kinds[@]} == 0 || ${kinds[-1]} != *... ]] || kind=${kinds[-1]}
    if [[ $kind == files ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    elif [[ $kind ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_spicykvmctl_names "$kind" "${@:3}")" -- "$cur")
    fi
}

_spicykvmctl() {
    local cur=${COMP_WORDS[COMP_CWORD]} words=() bus=() waiting='' i word
    COMPREPLY=()
    # Readline takes "--bus=session" for three words, unless '=' is not in COMP_WORDBREAKS.
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case $word in
            =) continue ;;
            --*=*) [[ $word != --bus=* ]] || bus=("$word") ;;
            -*)
                waiting=$word
                continue
                ;;
            *)
                case $waiting in
                    --bus) bus=("--bus=$word") ;;
                    VALUED) ;;
                    *) words+=("$word") ;;
                esac
                ;;
        esac
        waiting=
    done
    [[ $cur != = ]] || cur=
    case $waiting in
        --bus)
            mapfile -t COMPREPLY < <(compgen -W 'BUSES' -- "$cur")
            return
            ;;
        VALUED) return ;;
    esac

    local command=${words[0]-} used=1
    if [[ ! $command || $(_spicykvmctl_second "$command") ]]; then
        if [[ ${#words[@]} -ge 2 ]]; then
            command="$command ${words[1]}" used=2
        elif [[ $cur != -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$(_spicykvmctl_second "$command")" -- "$cur")
            return
        fi
    fi
    if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "OPTIONS $(_spicykvmctl_flags "$command")" -- "$cur")
        [[ ${#COMPREPLY[@]} != 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
    elif _spicykvmctl_words "$command" >/dev/null; then
        _spicykvmctl_word "$command" $((${#words[@]} - used)) "${bus[@]}"
    fi
}
complete -F _spicykvmctl spicykvmctl
)bash";

void replace(std::string& text, std::string_view what, std::string_view with) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
        text.replace(at, what.size(), with);
    }
}

/// "--bus", "--seconds=": one with a value has the sign that it wants.
std::string flag_word(std::string_view name, bool has_value) {
    return std::string(name) + (has_value ? "=" : "");
}

std::string case_row(std::string_view pattern, const std::vector<std::string>& words) {
    return "        " + in_quotes(pattern) + ") echo " + in_quotes(joined(words)) + " ;;\n";
}

std::string second_words() {
    std::string text =
        "\n# The words that may come after the first; without one: the first words.\n"
        "_spicykvmctl_second() {\n    case $1 in\n" +
        case_row("", first_words());
    for (const std::string& first : first_words()) {
        std::vector<std::string> seconds;
        for (const ctl::Verb* verb : commands_of(first)) {
            seconds.emplace_back(last_word(*verb));
        }
        text += seconds.empty() ? "" : case_row(first, seconds);
    }
    return text + "    esac\n}\n";
}

std::vector<std::string> word_kinds(const ctl::Verb& verb) {
    std::vector<std::string> kinds;
    for (const ctl::Argument& word : words_of(verb)) {
        const std::string kind = joined(kinds_of(word), ",");
        kinds.push_back((kind.empty() ? "-" : kind) + (word.many ? "..." : ""));
    }
    return kinds;
}

std::vector<std::string> flag_words(const ctl::Verb& verb) {
    std::vector<std::string> words;
    for (const ctl::Flag& flag : flags_of(verb)) {
        words.push_back(flag_word(flag.name, !flag.value.empty()));
    }
    return words;
}

/// The part that is the same for all commands.
std::string ctl_body(const Program& program) {
    std::string body(kCtlBody);
    std::vector<std::string> options;
    for (const OptionText& option : program.options) {
        options.push_back(option.name);
        if (option.name == "--bus") {
            replace(body, "BUSES", joined(option.words));
        }
    }
    std::vector<std::string> valued{"--"}; // never empty
    for (const ctl::Flag& flag : ctl::flags()) {
        if (!flag.value.empty()) {
            valued.emplace_back(flag.name);
        }
    }
    replace(body, "OPTIONS", joined(options));
    replace(body, "VALUED", joined(valued, " | "));
    return body;
}

std::string ctl_completion(const Program& program) {
    std::string text = script_head("bash", program.name) + second_words() + std::string(kCtlHead);
    for (const ctl::Verb& verb : ctl::verbs()) {
        text += case_row(verb.name, word_kinds(verb));
    }
    text += kCtlFlags;
    for (const ctl::Verb& verb : ctl::verbs()) {
        text += case_row(verb.name, flag_words(verb));
    }
    return text + ctl_body(program);
}

/// What completes the value of one option; empty: it has none, or one that can't be known.
std::string value_row(const OptionText& option) {
    if (!option.words.empty()) {
        return "        " + option.name + ") mapfile -t COMPREPLY < <(compgen -W " +
               in_quotes(joined(option.words)) + " -- \"$cur\") ;;\n";
    }
    if (is_file(option.value)) {
        return "        " + option.name +
               ")\n            compopt -o filenames 2>/dev/null\n"
               "            mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
               "            ;;\n";
    }
    return "";
}

constexpr std::string_view kBody = R"bash(() {
    local cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
    # Readline takes "--bus=session" for three words.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $option == = ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    COMPREPLY=()
    case $option in
)bash";

} // namespace

std::string bash_completion(const Program& program) {
    if (program.name == "spicykvmctl") {
        return ctl_completion(program);
    }
    const std::string name(program.name);
    std::string function = "_" + name;
    replace(function, "-", "_");
    std::string text = script_head("bash", name) + "\n" + function + std::string(kBody);
    std::vector<std::string> options;
    std::vector<std::string> unknown;
    for (const OptionText& option : program.options) {
        const std::string row = value_row(option);
        text += row;
        options.push_back(option.name);
        if (row.empty() && !option.value.empty()) {
            unknown.push_back(option.name);
        }
    }
    if (!unknown.empty()) {
        text += "        " + joined(unknown, " | ") + ") ;; # a value that can't be known\n";
    }
    return text + "        *) mapfile -t COMPREPLY < <(compgen -W " + in_quotes(joined(options)) +
           " -- \"$cur\") ;;\n    esac\n}\ncomplete -F " + function + " " + name + "\n";
}

} // namespace spicykvm::docs
