// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "config/config.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace spicykvm::config {

/// What a text may be, with the words that say so.
struct TextRule {
    bool (*good)(std::string_view text);
    std::string_view allowed;
    bool hidden = false; ///< may hold a password by mistake: errors don't repeat it
};

/// The keys of `password = { ... }`; exactly one is given.
struct PasswordKeys {
    std::string credential;
    std::string file;
    std::string env;
};

// What a key is kept in. A null pointer: its shape is checked and nothing kept.
struct Text {
    std::string* out;
    const TextRule* rule;
};
struct Number {
    std::int32_t* out;
    std::int32_t least; ///< a default below it stands for none
    std::int32_t most;
    bool hexadecimal = false; ///< only as 0x..., as everybody writes these
};
/// A number of milliseconds.
struct Duration {
    Milliseconds* out;
    std::int32_t least;
    std::int32_t most;
};
/// One of a few words; the first stands for the enumerator 0, and so on.
struct Choice {
    std::variant<bool*, ConnectMode*, core::AudioWhen*, core::VolumeLaw*, core::WhenLocked*,
                 spdlog::level::level_enum*>
        out;
    std::span<const std::string_view> words;
};
/// A list of key names.
struct KeyNames {};
/// A monitor's input: a word or a hexadecimal number, never a bare decimal.
struct MonitorInput {
    std::string* out;
};
/// A program and its arguments, never a line for a shell.
struct ProgramWords {
    std::vector<std::string>* out;
};
/// A table with the keys of a section.
struct SubTable {
    std::string_view section;
};
/// `playback` or `record` of a target.
struct AudioTable {
    core::AudioSettings* out;
    std::string_view section;
};
/// [[target]]: a list of tables that are kept by name.
struct Targets {};

using Field = std::variant<bool*, Text, Number, Duration, Choice, std::optional<core::Uuid>*,
                           std::optional<DeviceId>*, PasswordSource*, HotkeyList*, DeviceSelection*,
                           std::vector<DeviceRule>*, std::vector<MonitorConfig>*,
                           std::vector<MonitorSet>*, MonitorReturn*, KeyNames, MonitorInput,
                           ProgramWords, SubTable, AudioTable, Targets>;

/// The objects that the keys of a table are kept in.
struct Scope {
    Config* config = nullptr;
    TargetConfig* target = nullptr;
    DeviceRule* device = nullptr;
    PasswordKeys* password = nullptr;
    MonitorConfig* monitor = nullptr;
    MonitorSet* monitor_set = nullptr;
    core::AudioSettings* audio = nullptr;
    MonitorReturn* monitor_return = nullptr;
};

enum class Presence : std::uint8_t {
    Optional,
    Required,
    Later, ///< known and checked, without effect in this version
};

/// One key of the configuration file. Everything that is said about a key, by the reader, its
/// errors and the documentation, comes from here.
struct KeySpec {
    std::string_view section; ///< "" for the top of the file
    std::string_view name;
    Field (*field)(const Scope& scope);
    std::string_view meaning;
    Presence presence = Presence::Optional;
};

[[nodiscard]] std::span<const KeySpec> key_table() noexcept;
/// The keys of one section, in the order of the documentation.
[[nodiscard]] std::vector<const KeySpec*> keys_of(std::string_view section);

/// "name, uri, uuid, ..."
[[nodiscard]] std::string names_of(std::string_view section);
/// What a key takes, in words: "a whole number from 0 to 99".
[[nodiscard]] std::string allowed(const Field& field);
[[nodiscard]] std::string allowed(const KeySpec& key);
/// The type of its value, in words of TOML: "integer", "string or table".
[[nodiscard]] std::string_view type_text(const KeySpec& key);
/// The value that is in force without the key, as one would write it; "-" if there is none.
[[nodiscard]] std::string default_text(const KeySpec& key);

// What some keys may be, for others who read the same thing.
[[nodiscard]] bool is_target_name(std::string_view text);
[[nodiscard]] bool is_target_uri(std::string_view text);
[[nodiscard]] bool is_plain_text(std::string_view text);
/// The words for log_level, and what one of them means.
[[nodiscard]] std::span<const std::string_view> log_levels() noexcept;
[[nodiscard]] std::optional<spdlog::level::level_enum> log_level(std::string_view word) noexcept;

inline constexpr std::size_t kMaxDeviceRules = 64;
inline constexpr std::size_t kMaxHotkeysPerAction = 8;

} // namespace spicykvm::config
