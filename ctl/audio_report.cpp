// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/audio_report.h"

#include "ctl/text.h"

#include <fmt/format.h>

namespace spicykvm::ctl {

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string milliseconds(std::uint32_t us) {
    return fmt::format("{:.1f} ms", us / 1000.0);
}

std::string latency_of(const AudioStream& stream) {
    if (!stream.latency_us) {
        return "-";
    }
    std::string text = milliseconds(*stream.latency_us);
    if (stream.latency_target_us) {
        text += " of " + milliseconds(*stream.latency_target_us);
    }
    return text;
}

std::string note_of(const AudioStream& stream) {
    if (!stream.open) {
        return "nobody plays it: is spicykvm-session running?";
    }
    return one_line(stream.problem.empty() ? stream.hint : stream.problem);
}

template <typename T>
std::string number(const std::optional<T>& value) {
    return value ? std::to_string(*value) : "-";
}

void print_lateness(Environment& environment, const std::vector<AudioStream>& streams) {
    Rows rows{{"LATE", "BY", "HALF", "99%", "99.9%", "AT MOST"}};
    for (const AudioStream& stream : streams) {
        for (const auto& [part, figures] : stream.lateness_us) {
            if (figures.size() == 4) {
                rows.push_back({or_dash(stream.target), one_line(part), milliseconds(figures[0]),
                                milliseconds(figures[1]), milliseconds(figures[2]),
                                milliseconds(figures[3])});
            }
        }
    }
    if (rows.size() > 1) {
        environment.out << '\n' << aligned(rows);
    }
}

} // namespace

void print_audio(Environment& environment, const std::vector<AudioStream>& streams) {
    if (streams.empty()) {
        return;
    }
    Rows rows{{"SOUND", "KIND", "WHEN", "STATE", "LATENCY", "DRIFT", "UNDERRUNS", "SKIPS", "NOTE"}};
    for (const AudioStream& stream : streams) {
        rows.push_back(
            {or_dash(stream.target), or_dash(stream.kind), or_dash(stream.when),
             or_dash(stream.state), latency_of(stream),
             stream.drift_ppm ? fmt::format("{:+.1f} ppm", *stream.drift_ppm) : std::string("-"),
             number(stream.underruns), number(stream.skips), note_of(stream)});
    }
    environment.out << '\n' << aligned(rows);
    print_lateness(environment, streams);
}

} // namespace spicykvm::ctl
