// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/audio_map.h"

#include "base/text.h"
#include "service/errors.h"

#include <array>
#include <cmath>

namespace spicykvm::service {

namespace {

constexpr std::size_t kMaxText = 200;
using Lateness = std::map<std::string, std::vector<std::uint32_t>>;
constexpr std::size_t kLatenessFigures = 4; ///< p50, p99, p99.9, maximum

constexpr std::array kTexts{"state", "problem", "hint", "node"};
constexpr std::array kNumbers{"latency_target_us", "latency_us", "quantum", "tick_us"};
constexpr std::array kCounters{"underruns", "skips", "silence_ms"};
constexpr std::array kFractions{"drift_ppm"};
constexpr const char* kLateness = "lateness_us";
constexpr std::array kLatenessParts{"vm", "transport", "scheduler"};

template <typename T, typename Take>
void take(const Dictionary& told, const char* key, Take put) {
    const auto found = told.find(key);
    if (found != told.end() && found->second.containsValueOfType<T>()) {
        put(found->second.get<T>());
    }
}

Lateness known_lateness(const Lateness& told) {
    Lateness known;
    for (const char* part : kLatenessParts) {
        const auto found = told.find(part);
        if (found != told.end() && found->second.size() == kLatenessFigures) {
            known.insert(*found);
        }
    }
    return known;
}

} // namespace

Dictionary describe(const core::AudioChannel& channel) {
    const auto& settings = channel.settings;
    Dictionary map{{"description", text(channel.description)},
                   {"device", text(settings.device)},
                   {"when", text(to_string(settings.when))},
                   {"volume_law", text(to_string(settings.volume_law))},
                   {"same_clock", sdbus::Variant(channel.same_clock)}};
    if (channel.kind == core::AudioKind::Playback) {
        map.emplace("inactive_gain", sdbus::Variant(static_cast<double>(settings.inactive_gain)));
    }
    return map;
}

Dictionary known_audio_state(const Dictionary& told) {
    Dictionary known;
    for (const char* key : kTexts) {
        take<std::string>(told, key, [&](const std::string& value) {
            known.emplace(key, text(printable(value.substr(0, kMaxText))));
        });
    }
    const auto copy = [&known](const char* key) {
        return [&known, key](const auto& value) { known.emplace(key, sdbus::Variant(value)); };
    };
    for (const char* key : kNumbers) {
        take<std::uint32_t>(told, key, copy(key));
    }
    for (const char* key : kCounters) {
        take<std::uint64_t>(told, key, copy(key));
    }
    for (const char* key : kFractions) {
        take<double>(told, key, [&](double value) {
            if (std::isfinite(value)) {
                known.emplace(key, sdbus::Variant(value));
            }
        });
    }
    take<Lateness>(told, kLateness, [&](const Lateness& value) {
        known.emplace(kLateness, sdbus::Variant(known_lateness(value)));
    });
    return known;
}

std::optional<core::AudioKind> parse_audio_kind(std::string_view word) noexcept {
    for (const auto kind : {core::AudioKind::Playback, core::AudioKind::Record}) {
        if (word == to_string(kind)) {
            return kind;
        }
    }
    return std::nullopt;
}

} // namespace spicykvm::service
