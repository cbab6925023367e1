// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/reader.h"

#include "config/hotkey_syntax.h"
#include "config/ids.h"
#include "config/keys.h"
#include "config/monitor_return.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace spicykvm::config {

namespace {

/// What stands in the file, for an error. Not for values that may be secret.
std::string shown(const Value& value) {
    struct Show {
        std::string operator()(const DateOrTime&) const { return "a date or time"; }
        std::string operator()(bool b) const { return b ? "true" : "false"; }
        std::string operator()(std::int64_t n) const { return std::to_string(n); }
        std::string operator()(double) const { return "a number with a fraction"; }
        std::string operator()(const std::string& s) const { return quote(s); }
        std::string operator()(const List& list) const {
            return list.empty() ? "an empty list" : "a list";
        }
        std::string operator()(const Table&) const { return "a table"; }
    };
    return std::visit(Show{}, value.data);
}

/// A key as a path shows it: as in the file if it is a plain word.
std::string shown_key(const std::string& key) {
    const bool plain =
        !key.empty() && key.size() <= 64 && std::all_of(key.begin(), key.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '_' || c == '-';
        });
    return plain ? key : quote(key);
}

class Reader {
  public:
    Reader(Draft& draft, std::string_view file) : draft_(draft), file_(file) {}

    void read(const Table& root) { section("", root, {&draft_.config}, ""); }

  private:
    /// The key that is being read.
    struct At {
        const Scope& scope;
        const std::string& path;
        const Value& value;
    };

    void section(std::string_view name, const Table& table, const Scope& scope,
                 const std::string& path);
    void key(const KeySpec& spec, const At& at);
    void unknown(std::string_view section, const Member& member, const std::string& path);

    void take(bool* out, const At& at);
    void take(const Text& text, const At& at);
    void take(const Number& number, const At& at);
    void take(const Duration& duration, const At& at);
    void take(const Choice& choice, const At& at);
    void take(std::optional<core::Uuid>* out, const At& at) { take_parsed(out, parse_uuid, at); }
    void take(std::optional<DeviceId>* out, const At& at) { take_parsed(out, parse_device_id, at); }
    void take(PasswordSource* out, const At& at);
    void take(HotkeyList* out, const At& at);
    void take(DeviceSelection* out, const At& at);
    void take(std::vector<DeviceRule>* out, const At& at);
    void take(std::vector<MonitorConfig>* out, const At& at);
    void take(std::vector<MonitorSet>* out, const At& at);
    void take(MonitorReturn* out, const At& at);
    void take(const ProgramWords& words, const At& at);
    void take(const KeyNames& names, const At& at);
    void take(const MonitorInput& input, const At& at);
    void take(const SubTable& table, const At& at);
    void take(const AudioTable& table, const At& at);
    void take(const Targets& targets, const At& at);

    template <typename T>
    void take_parsed(std::optional<T>* out, std::optional<T> (*parse)(std::string_view) noexcept,
                     const At& at);
    void target(const Value& value, const std::string& numbered);
    TargetConfig* target_named(const std::string& name);
    template <typename T>
    bool tables(std::vector<T>* out, std::size_t most, std::string_view name, T* Scope::*place,
                const At& at);
    bool device_rules(const At& at, std::vector<DeviceRule>& rules);

    void wrong(const At& at, const Field& kind) {
        wrong(at, shown(at.value) + " is not allowed; allowed: " + allowed(kind));
    }
    void wrong(const At& at, std::string text) {
        draft_.diagnostics.error({file_, at.value.line}, at.path, std::move(text));
    }

    Draft& draft_;
    std::string file_;
    std::map<std::string, unsigned, std::less<>> targets_; ///< of this file, with their lines
    bool later_ = false; ///< inside of something that has no effect in this version
};

void Reader::section(std::string_view name, const Table& table, const Scope& scope,
                     const std::string& path) {
    const std::vector<const KeySpec*> keys = keys_of(name);
    for (const Member& member : table) {
        const std::string full = (path.empty() ? "" : path + ".") + shown_key(member.key);
        const auto found = std::find_if(keys.begin(), keys.end(), [&](const KeySpec* spec) {
            return spec->name == member.key;
        });
        if (found == keys.end()) {
            unknown(name, member, full);
        } else {
            key(**found, {scope, full, member.value});
        }
    }
}

void Reader::key(const KeySpec& spec, const At& at) {
    const bool outer = later_;
    if (spec.presence == Presence::Later && !later_) {
        later_ = true;
        draft_.diagnostics.warning({file_, at.value.line}, at.path,
                                   "not supported in this version: ignored");
    }
    draft_.places[at.path] = {file_, at.value.line};
    std::visit([&](const auto& field) { take(field, at); }, spec.field(at.scope));
    later_ = outer;
}

void Reader::unknown(std::string_view section, const Member& member, const std::string& path) {
    std::vector<std::string_view> names;
    for (const KeySpec* spec : keys_of(section)) {
        names.push_back(spec->name);
    }
    const std::string_view meant = closest(member.key, names);
    draft_.diagnostics.error({file_, member.value.line}, path,
                             meant.empty()
                                 ? "unknown key; allowed: " + names_of(section)
                                 : "unknown key; did you mean \"" + std::string(meant) + "\"?");
}

void Reader::take(bool* out, const At& at) {
    if (const bool* value = std::get_if<bool>(&at.value.data)) {
        *out = *value;
    } else {
        wrong(at, out);
    }
}

void Reader::take(const Text& text, const At& at) {
    const auto* value = std::get_if<std::string>(&at.value.data);
    if (value == nullptr || !text.rule->good(*value)) {
        const std::string what = text.rule->hidden ? "what is written here" : shown(at.value);
        wrong(at, what + " is not allowed; allowed: " + std::string(text.rule->allowed));
    } else if (text.out != nullptr) {
        *text.out = *value;
    }
}

void Reader::take(const Number& number, const At& at) {
    const auto* value = std::get_if<std::int64_t>(&at.value.data);
    const bool written_well = !number.hexadecimal || at.value.hexadecimal;
    if (value == nullptr || !written_well || *value < number.least || *value > number.most) {
        wrong(at, number);
    } else {
        *number.out = static_cast<std::int32_t>(*value);
    }
}

void Reader::take(const Duration& duration, const At& at) {
    const auto* value = std::get_if<std::int64_t>(&at.value.data);
    if (value == nullptr || *value < duration.least || *value > duration.most) {
        wrong(at, duration);
    } else {
        *duration.out = Milliseconds(*value);
    }
}

void Reader::take(const Choice& choice, const At& at) {
    const auto* value = std::get_if<std::string>(&at.value.data);
    const auto found = value == nullptr
                           ? choice.words.end()
                           : std::find(choice.words.begin(), choice.words.end(), *value);
    if (found == choice.words.end()) {
        wrong(at, choice);
        return;
    }
    const auto number = found - choice.words.begin();
    std::visit(
        [number]<typename E>(E* out) {
            if (out != nullptr) {
                *out = static_cast<E>(number);
            }
        },
        choice.out);
}

template <typename T>
void Reader::take_parsed(std::optional<T>* out,
                         std::optional<T> (*parse)(std::string_view) noexcept, const At& at) {
    const auto* text = std::get_if<std::string>(&at.value.data);
    const std::optional<T> value = text == nullptr ? std::nullopt : parse(*text);
    if (value) {
        *out = value;
    } else {
        wrong(at, out);
    }
}

void Reader::take(PasswordSource* out, const At& at) {
    const auto* table = std::get_if<Table>(&at.value.data);
    if (table == nullptr) { // never shown: it may well be the password itself
        wrong(at, "a password does not belong in this file; allowed: " + allowed(out));
        return;
    }
    PasswordKeys keys;
    Scope scope = at.scope;
    scope.password = &keys;
    section("target.password", *table, scope, at.path);
    if (table->size() != 1) {
        wrong(at, "exactly one source is needed; allowed: " + allowed(out));
    } else if (!keys.credential.empty()) {
        *out = PasswordSource::credential(keys.credential);
    } else if (!keys.file.empty()) {
        *out = PasswordSource::file(keys.file);
    } else if (!keys.env.empty()) {
        *out = PasswordSource::env(keys.env);
    }
}

void Reader::take(HotkeyList* out, const At& at) {
    const List single{at.value};
    const auto* several = std::get_if<List>(&at.value.data);
    const List& list = several == nullptr ? single : *several;
    if (list.empty() || list.size() > kMaxHotkeysPerAction) {
        wrong(at, out);
        return;
    }
    out->clear();
    for (const Value& value : list) {
        const auto* text = std::get_if<std::string>(&value.data);
        if (text == nullptr) {
            wrong({at.scope, at.path, value}, out);
            continue;
        }
        if (const auto hotkey = parse_hotkey(*text)) {
            out->push_back({*hotkey, to_text(*hotkey)});
        } else {
            wrong({at.scope, at.path, value}, hotkey.error().message);
        }
    }
}

bool Reader::device_rules(const At& at, std::vector<DeviceRule>& rules) {
    const auto* list = std::get_if<List>(&at.value.data);
    if (list == nullptr || list->size() > kMaxDeviceRules) {
        return false;
    }
    rules.clear();
    for (const Value& value : *list) {
        const auto* table = std::get_if<Table>(&value.data);
        if (table == nullptr || table->empty()) {
            wrong({at.scope, at.path, value}, SubTable{"input.device"});
            continue;
        }
        DeviceRule& rule = rules.emplace_back();
        Scope scope = at.scope;
        scope.device = &rule;
        section("input.device", *table, scope, at.path);
    }
    return true;
}

void Reader::take(DeviceSelection* out, const At& at) {
    const auto* word = std::get_if<std::string>(&at.value.data);
    if (word != nullptr && *word == "auto") {
        *out = {};
        return;
    }
    const auto* list = std::get_if<List>(&at.value.data);
    if (list == nullptr || list->empty() || !device_rules(at, out->rules)) {
        wrong(at, out);
        return;
    }
    out->automatic = false;
}

void Reader::take(std::vector<DeviceRule>* out, const At& at) {
    if (!device_rules(at, *out)) {
        wrong(at, out);
    }
}

/// False: it is no list of 1 to `most` tables; what is wrong in one of them is reported.
template <typename T>
bool Reader::tables(std::vector<T>* out, std::size_t most, std::string_view name, T* Scope::*place,
                    const At& at) {
    const auto* list = std::get_if<List>(&at.value.data);
    if (list == nullptr || list->empty() || list->size() > most) {
        return false;
    }
    out->clear();
    for (const Value& value : *list) {
        Scope scope = at.scope;
        scope.*place = &out->emplace_back();
        take(SubTable{name}, {scope, at.path, value});
        for (const KeySpec* key : keys_of(name)) {
            const auto* table = std::get_if<Table>(&value.data);
            if (key->presence == Presence::Required && table != nullptr &&
                member(*table, key->name) == nullptr) {
                wrong({scope, at.path + "." + std::string(key->name), value},
                      "missing; allowed: " + allowed(*key));
            }
        }
    }
    return true;
}

void Reader::take(std::vector<MonitorConfig>* out, const At& at) {
    if (!tables(out, kMaxMonitors, "target.monitor", &Scope::monitor, at)) {
        wrong(at, out);
    }
}

void Reader::take(std::vector<MonitorSet>* out, const At& at) {
    if (!tables(out, kMaxMonitorSets, "target.monitor.set", &Scope::monitor_set, at)) {
        wrong(at, out);
    }
}

void Reader::take(MonitorReturn* out, const At& at) {
    *out = {};
    if (const auto by = return_by(at.value)) {
        out->by = *by;
    } else {
        wrong(at, by.error().message);
        return;
    }
    if (const auto* table = std::get_if<Table>(&at.value.data)) {
        Scope scope = at.scope;
        scope.monitor_return = out;
        section("target.monitor.return", *table, scope, at.path);
    }
}

void Reader::take(const ProgramWords& words, const At& at) {
    if (auto list = program_words(at.value)) {
        *words.out = std::move(*list);
    } else {
        wrong(at, words); // which says "a list": arguments may be secret
    }
}

void Reader::take(const KeyNames& names, const At& at) {
    const auto* list = std::get_if<List>(&at.value.data);
    if (list == nullptr) {
        wrong(at, names);
        return;
    }
    for (const Value& value : *list) {
        const At item{at.scope, at.path, value};
        const auto* name = std::get_if<std::string>(&value.data);
        if (name == nullptr) {
            wrong(item, names);
        } else if (const auto key = parse_key(*name); !key) {
            wrong(item, key.error().message);
        }
    }
}

void Reader::take(const MonitorInput& input, const At& at) {
    const auto* number = std::get_if<std::int64_t>(&at.value.data);
    const auto* name = std::get_if<std::string>(&at.value.data);
    const bool good_number = number != nullptr && at.value.hexadecimal && *number <= 0xffff;
    if (good_number) {
        *input.out = fmt::format("0x{:02x}", *number);
    } else if (name != nullptr && is_plain_text(*name) && name->size() <= 64) {
        *input.out = *name;
    } else {
        wrong(at, input);
    }
}

void Reader::take(const SubTable& table, const At& at) {
    if (const auto* members = std::get_if<Table>(&at.value.data)) {
        section(table.section, *members, at.scope, at.path);
    } else {
        wrong(at, table);
    }
}

void Reader::take(const AudioTable& table, const At& at) {
    Scope scope = at.scope;
    scope.audio = table.out;
    take(SubTable{table.section}, {scope, at.path, at.value});
}

void Reader::take(const Targets& targets, const At& at) {
    const auto* list = std::get_if<List>(&at.value.data);
    if (list == nullptr) {
        wrong(at, targets);
        return;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
        target((*list)[i], "target[" + std::to_string(i + 1) + "]");
    }
}

void Reader::target(const Value& value, const std::string& numbered) {
    const auto* table = std::get_if<Table>(&value.data);
    TargetConfig unusable;
    Scope scope{&draft_.config, &unusable};
    if (table == nullptr) {
        wrong({scope, numbered, value}, Targets{});
        return;
    }
    const Value* named = member(*table, "name");
    const auto* name = named == nullptr ? nullptr : std::get_if<std::string>(&named->data);
    if (name == nullptr || !is_target_name(*name)) {
        if (named == nullptr) {
            wrong({scope, numbered + ".name", value}, "missing; every [[target]] needs it");
        }
        section("target", *table, scope, numbered);
        return;
    }
    const std::string path = "target." + *name;
    const auto [first, is_new] = targets_.emplace(*name, value.line);
    if (!is_new) {
        wrong({scope, path, value}, "already in line " + std::to_string(first->second) +
                                        "; allowed: each name once in a file");
    } else if (TargetConfig* known = target_named(*name)) {
        scope.target = known;
        draft_.places[path] = {file_, value.line};
    } else {
        wrong({scope, path, value}, "too many targets; allowed: 64");
    }
    section("target", *table, scope, path);
}

/// The target of this name from an earlier file, or a new one; null if there are too many.
TargetConfig* Reader::target_named(const std::string& name) {
    std::vector<TargetConfig>& targets = draft_.config.targets;
    if (const auto known = find_target(draft_.config, name)) {
        return &targets[core::index(*known)];
    }
    if (targets.size() == kMaxTargets) {
        return nullptr;
    }
    TargetConfig& added = targets.emplace_back();
    added.name = name;
    return &added;
}

} // namespace

Place Draft::place_of(std::string key) const {
    for (;;) {
        if (const auto found = places.find(key); found != places.end()) {
            return found->second;
        }
        const std::size_t dot = key.rfind('.');
        if (dot == std::string::npos) {
            return {};
        }
        key.resize(dot);
    }
}

void read_text(Draft& draft, std::string_view file, std::string_view text) {
    if (text.size() > kMaxFileSize) {
        draft.diagnostics.error({std::string(file)}, "", "too large; allowed: 1 MiB");
        return;
    }
    const auto root = parse_toml(text);
    if (!root) {
        draft.diagnostics.error({std::string(file), root.error().line}, "",
                                "not valid TOML: " + root.error().text);
        return;
    }
    Reader(draft, file).read(*root);
}

} // namespace spicykvm::config
