// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "generate/page.h"

#include "generate/mdoc.h"
#include "generate/programs.h"

#include <algorithm>
#include <set>
#include <sstream>

namespace spicykvm::docs {

namespace {

constexpr std::string_view kVersion = "@version@";

/// "@verb ddc get@": what, and of what.
struct Directive {
    std::string what;
    std::string of;
};

Directive parse(std::string_view line) {
    line = line.substr(1, line.size() - 2);
    const std::size_t space = std::min(line.find(' '), line.size());
    return {std::string(line.substr(0, space)),
            std::string(line.substr(std::min(space + 1, line.size())))};
}

/// Fills one page, and remembers what the page names, for "the others".
class Filler {
  public:
    explicit Filler(std::string_view source) {
        std::istringstream lines{std::string(source)};
        for (std::string line; std::getline(lines, line);) {
            if (is_directive(line)) {
                const Directive directive = parse(line);
                named_.insert(directive.what + " " + directive.of);
            }
        }
    }

    static bool is_directive(std::string_view line) {
        return line.size() > 2 && line.starts_with('@') && line.ends_with('@') && line != kVersion;
    }

    /// Empty: there is no such thing.
    [[nodiscard]] std::string fill(const Directive& directive) const {
        if (directive.what == "option" || directive.what == "options") {
            return options(directive);
        }
        if (directive.what == "verb" || directive.what == "verbs") {
            return verbs(directive);
        }
        if (directive.what == "exits") {
            return exits(directive.of);
        }
        std::string text;
        if (directive.what == "flags") {
            for (const ctl::Flag& flag : ctl::flags()) {
                text += mdoc_item(flag);
            }
        } else if (directive.what == "keys") {
            for (const config::KeySpec* key : config::keys_of(directive.of)) {
                text += mdoc_item(*key);
            }
        }
        return text;
    }

  private:
    [[nodiscard]] bool is_named(const std::string& directive) const {
        return named_.contains(directive);
    }

    [[nodiscard]] std::string options(const Directive& directive) const {
        std::string text;
        for (const Program& program : programs()) {
            const std::string name(program.name);
            for (const OptionText& option : program.options) {
                const std::string one = name + " " + option.name;
                const bool wanted = directive.what == "option"
                                        ? directive.of == one
                                        : directive.of == name && !is_named("option " + one);
                text += wanted ? mdoc_item(option) : "";
            }
        }
        return text;
    }

    [[nodiscard]] std::string verbs(const Directive& directive) const {
        std::string text;
        for (const ctl::Verb& verb : ctl::verbs()) {
            const std::string name(verb.name);
            const bool wanted =
                directive.what == "verb" ? directive.of == name : !is_named("verb " + name);
            text += wanted ? mdoc_item(verb) : "";
        }
        return text;
    }

    static std::string exits(std::string_view name) {
        std::string text;
        for (const Program& program : programs()) {
            for (const ExitText& exit : program.exits) {
                text += program.name == name ? mdoc_item(exit) : "";
            }
        }
        return text;
    }

    std::set<std::string> named_;
};

/// "the others" may be none.
bool may_be_empty(const Directive& directive) {
    return directive.what == "options" || directive.what == "verbs";
}

} // namespace

Result<std::string> fill_page(std::string_view source) {
    const Filler filler(source);
    std::istringstream lines{std::string(source)};
    std::string page;
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (!Filler::is_directive(line)) {
            if (const std::size_t at = line.find(kVersion); at != std::string::npos) {
                line.replace(at, kVersion.size(), SPICYKVM_VERSION);
            }
            page += line + '\n';
            continue;
        }
        const Directive directive = parse(line);
        const std::string text = filler.fill(directive);
        if (text.empty() && !may_be_empty(directive)) {
            return fail(ErrorCode::NotFound,
                        std::to_string(number) + ": " + line +
                            ": there is no such thing in the programs' tables");
        }
        page += text;
    }
    return page;
}

} // namespace spicykvm::docs
