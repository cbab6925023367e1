// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// What is said about a key, in words.
#include "config/keys.h"

namespace spicykvm::config {

namespace {

using std::string_view;

/// Something for a key to point to that holds the defaults.
struct Untouched {
    Config config;
    TargetConfig target;
    DeviceRule device;
    PasswordKeys password;
    MonitorConfig monitor;
    MonitorSet monitor_set;
    MonitorReturn monitor_return;

    Field field(const KeySpec& key) {
        auto& audio = key.section == "target.playback" ? target.playback : target.record;
        return key.field({&config, &target, &device, &password, &monitor, &monitor_set, &audio,
                          &monitor_return});
    }
};

template <typename... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>; // clang 14 does not deduce it for an aggregate

std::string hex(std::int32_t number) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (auto rest = static_cast<std::uint32_t>(number); rest != 0 || text.size() < 2; rest >>= 4) {
        text.insert(text.begin(), kDigits[rest & 0xf]);
    }
    return "0x" + text;
}

std::string range(std::int32_t least, std::int32_t most) {
    return std::to_string(least) + " to " + std::to_string(most);
}

std::string in_quotes(string_view text) {
    return '"' + std::string(text) + '"';
}

std::string choices(std::span<const string_view> words) {
    std::string text;
    for (const string_view word : words) {
        text += (text.empty() ? "" : ", ") + in_quotes(word);
    }
    return text;
}

std::string chosen(const Choice& choice) {
    return std::visit(
        [&](const auto* out) {
            return out == nullptr ? std::string("-")
                                  : in_quotes(choice.words[static_cast<std::size_t>(*out)]);
        },
        choice.out);
}

} // namespace

std::string allowed(const Field& field) {
    const std::string device = "{ " + names_of("input.device") + " }";
    return std::visit(
        Overloaded{
            [](const bool*) -> std::string { return "true or false"; },
            [](const Text& text) { return std::string(text.rule->allowed); },
            [](const Number& n) {
                return n.hexadecimal
                           ? "a hexadecimal number from " + hex(n.least) + " to " + hex(n.most)
                           : "a whole number from " + range(n.least, n.most);
            },
            [](const Duration& d) { return "milliseconds from " + range(d.least, d.most); },
            [](const Choice& choice) { return choices(choice.words); },
            [](const std::optional<core::Uuid>*) -> std::string {
                return "a UUID such as \"c7a5fdbd-edaf-9455-926a-d65c16db1809\"";
            },
            [](const std::optional<DeviceId>*) -> std::string {
                return "vendor and product in hexadecimal, such as \"046d:c52b\"";
            },
            [](const PasswordSource*) -> std::string {
                return "{ credential = \"NAME\" }, { file = \"/PATH\" } or { env = \"VARIABLE\" }";
            },
            [](const HotkeyList*) -> std::string { return "a hotkey or a list of 1 to 8"; },
            [&](const DeviceSelection*) {
                return "\"auto\" or a list of 1 to 64 tables " + device;
            },
            [&](const std::vector<DeviceRule>*) { return "a list of at most 64 tables " + device; },
            [](const std::vector<MonitorConfig>*) {
                return "a list of at most " + std::to_string(kMaxMonitors) + " tables of " +
                       names_of("target.monitor");
            },
            [](const std::vector<MonitorSet>*) {
                return "a list of 1 to " + std::to_string(kMaxMonitorSets) + " tables of " +
                       names_of("target.monitor.set");
            },
            [](const MonitorReturn*) -> std::string {
                return "\"ddc\", \"by-hand\", { connector = \"...\" } or { i2c = N } for a second "
                       "cable, or { run = [\"/PROGRAM\", ...] }";
            },
            [](const ProgramWords&) {
                return "a list of 1 to " + std::to_string(kMaxWords) +
                       " texts, of which the first is an absolute path";
            },
            [](const KeyNames&) -> std::string { return "a list of key names"; },
            [](const MonitorInput&) -> std::string {
                return "a name such as \"hdmi-1\", or a hexadecimal number from 0x00 to 0xffff";
            },
            [](const SubTable& t) { return "a table of " + names_of(t.section); },
            [](const AudioTable& t) { return "a table of " + names_of(t.section); },
            [](const Targets&) { return "[[target]] tables of " + names_of("target"); },
        },
        field);
}

std::string allowed(const KeySpec& key) {
    Untouched objects;
    return allowed(objects.field(key));
}

string_view type_text(const KeySpec& key) {
    Untouched objects;
    return std::visit(
        Overloaded{
            [](bool* const&) -> string_view { return "boolean"; },
            [](const Number&) -> string_view { return "integer"; },
            [](const Duration&) -> string_view { return "integer"; },
            [](HotkeyList* const&) -> string_view { return "string or list of strings"; },
            [](PasswordSource* const&) -> string_view { return "table"; },
            [](DeviceSelection* const&) -> string_view { return "string or list of tables"; },
            [](std::vector<DeviceRule>* const&) -> string_view { return "list of tables"; },
            [](std::vector<MonitorConfig>* const&) -> string_view { return "list of tables"; },
            [](std::vector<MonitorSet>* const&) -> string_view { return "list of tables"; },
            [](MonitorReturn* const&) -> string_view { return "string or table"; },
            [](const KeyNames&) -> string_view { return "list of strings"; },
            [](const MonitorInput&) -> string_view { return "string or integer"; },
            [](const ProgramWords&) -> string_view { return "list of strings"; },
            [](const SubTable&) -> string_view { return "table"; },
            [](const AudioTable&) -> string_view { return "table"; },
            [](const Targets&) -> string_view { return "list of tables"; },
            // Text, Choice, and what is written as text: UUIDs, ids.
            [](const auto&) -> string_view { return "string"; },
        },
        objects.field(key));
}

std::string default_text(const KeySpec& key) {
    Untouched objects;
    return std::visit(Overloaded{
                          [](bool* const& out) -> std::string { return *out ? "true" : "false"; },
                          [](const Number& n) -> std::string {
                              if (*n.out < n.least) {
                                  return "-";
                              }
                              return n.hexadecimal ? hex(*n.out) : std::to_string(*n.out);
                          },
                          [](const Duration& d) { return std::to_string(d.out->count()); },
                          [](const Choice& choice) { return chosen(choice); },
                          [](const Text& text) {
                              return text.out == nullptr || text.out->empty()
                                         ? "-"
                                         : in_quotes(*text.out);
                          },
                          [](MonitorReturn* const&) -> std::string { return "\"ddc\""; },
                          [](DeviceSelection* const& out) -> std::string {
                              return out->automatic ? "\"auto\"" : "-";
                          },
                          [](const auto&) -> std::string { return "-"; },
                      },
                      objects.field(key));
}

} // namespace spicykvm::config
