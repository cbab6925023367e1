// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/bus_map.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace spicykvm::session {

namespace {

template <typename T>
void take(const Dictionary& from, const char* key, T& out) {
    const auto found = from.find(key);
    if (found != from.end() && found->second.containsValueOfType<T>()) {
        out = found->second.get<T>();
    }
}

std::optional<AudioKind> kind_of(std::string_view word) {
    for (const AudioKind kind : {AudioKind::Playback, AudioKind::Record}) {
        if (word == to_string(kind)) {
            return kind;
        }
    }
    return std::nullopt;
}

audio::VolumeLaw law_of(std::string_view word) {
    using Ours = audio::VolumeLaw;
    using Word = core::VolumeLaw;
    constexpr std::array<std::pair<Word, Ours>, 5> kLaws{{{Word::Hda, Ours::Hda},
                                                          {Word::Ac97, Ours::Ac97},
                                                          {Word::Cubic, Ours::Cubic},
                                                          {Word::Linear, Ours::Linear},
                                                          {Word::Ignore, Ours::Ignore}}};
    for (const auto& [name, law] : kLaws) {
        if (word == to_string(name)) {
            return law;
        }
    }
    return Ours::Hda;
}

ChannelSettings to_settings(const Dictionary& from) {
    ChannelSettings settings;
    std::string when;
    std::string law;
    take(from, "description", settings.description);
    take(from, "device", settings.device);
    take(from, "when", when);
    take(from, "inactive_gain", settings.inactive_gain);
    take(from, "volume_law", law);
    take(from, "same_clock", settings.same_clock);
    settings.when = when == to_string(AudioWhen::Always) ? AudioWhen::Always : AudioWhen::Active;
    settings.volume_law = law_of(law);
    return settings;
}

std::vector<std::uint32_t> to_figures(const audio::Percentiles& percentiles) {
    const auto figure = [](Microseconds time) { return static_cast<std::uint32_t>(time.count()); };
    return {figure(percentiles.p50), figure(percentiles.p99), figure(percentiles.p999),
            figure(percentiles.max)};
}

} // namespace

std::vector<ChannelOffer> to_offers(const OfferList& list) {
    std::vector<ChannelOffer> offers;
    for (const auto& entry : list) {
        if (const auto kind = kind_of(std::get<1>(entry))) {
            offers.push_back({std::get<0>(entry), *kind, to_settings(std::get<2>(entry))});
        }
    }
    return offers;
}

Dictionary to_dictionary(const ChannelReport& report) {
    Dictionary map{{"state", sdbus::Variant(report.state)},
                   {"problem", sdbus::Variant(report.problem)},
                   {"hint", sdbus::Variant(report.hint)},
                   {"node", sdbus::Variant(report.node)},
                   {"quantum", sdbus::Variant(report.quantum)},
                   {"drift_ppm", sdbus::Variant(report.drift_ppm)},
                   {"underruns", sdbus::Variant(report.underruns)},
                   {"skips", sdbus::Variant(report.skips)},
                   {"silence_ms", sdbus::Variant(report.silence_ms)}};
    const auto add = [&map](const char* key, const std::optional<std::uint32_t>& value) {
        if (value) {
            map.emplace(key, sdbus::Variant(*value));
        }
    };
    add("latency_target_us", report.latency_target_us);
    add("latency_us", report.latency_us);
    add("tick_us", report.tick_us);
    if (report.lateness) {
        const std::map<std::string, std::vector<std::uint32_t>> parts{
            {"vm", to_figures(report.lateness->vm)},
            {"transport", to_figures(report.lateness->transport)},
            {"scheduler", to_figures(report.lateness->scheduler)}};
        map.emplace("lateness_us", sdbus::Variant(parts));
    }
    return map;
}

} // namespace spicykvm::session
