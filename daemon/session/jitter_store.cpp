// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/jitter_store.h"

#include "session/audio/target_policy.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace spicykvm::session {

namespace {

constexpr std::string_view kHeader = "spicykvm-jitter 1\n";
constexpr Milliseconds kNews{1};

std::int64_t to_us(audio::Nanoseconds time) {
    return std::chrono::duration_cast<Microseconds>(time).count();
}

bool is_name(std::string_view text) {
    return !text.empty() && std::none_of(text.begin(), text.end(), [](char letter) {
        return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
    });
}

void take_line(std::string_view line, JitterTable& table) {
    std::int64_t us = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), us);
    const auto used = static_cast<std::size_t>(end - line.data());
    if (error != std::errc() || used >= line.size() || line[used] != '\t' || us < 0 ||
        us > to_us(audio::TargetPolicy::kCap)) {
        return;
    }
    const std::string_view name = line.substr(used + 1);
    if (is_name(name) && table.size() < kMaxJitters) {
        table.insert_or_assign(std::string(name), Microseconds(us));
    }
}

} // namespace

std::string encode_jitter(const JitterTable& table) {
    std::string text(kHeader);
    for (const auto& [target, jitter] : table) {
        if (is_name(target)) {
            text += std::to_string(to_us(jitter)) + '\t' + target + '\n';
        }
    }
    return text;
}

std::optional<JitterTable> decode_jitter(std::string_view text) {
    if (!text.starts_with(kHeader) || text.size() > kMaxJitterFile) {
        return std::nullopt;
    }
    text.remove_prefix(kHeader.size());
    JitterTable table;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        take_line(text.substr(0, end), table);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return table;
}

JitterStore::JitterStore(std::string path) : path_(std::move(path)) {
    std::ifstream file(path_, std::ios::binary);
    std::string text(kMaxJitterFile + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    if (auto table = decode_jitter(text)) {
        table_ = saved_ = std::move(*table);
    }
}

audio::Nanoseconds JitterStore::of(std::string_view target) const {
    const auto found = table_.find(target);
    return found == table_.end() ? audio::TargetPolicy::Settings{}.prior : found->second;
}

void JitterStore::learn(const std::string& target, audio::Nanoseconds jitter) {
    if (table_.size() < kMaxJitters || table_.contains(target)) {
        table_.insert_or_assign(target, jitter);
    }
}

Result<void> JitterStore::save() {
    const bool is_news = std::any_of(table_.begin(), table_.end(), [this](const auto& entry) {
        const auto before = saved_.find(entry.first);
        return before == saved_.end() || std::chrono::abs(before->second - entry.second) >= kNews;
    });
    if (path_.empty() || !is_news) {
        return {};
    }
    std::error_code ignored; // opening the file tells
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ignored);
    const std::string fresh = path_ + ".new";
    errno = 0;
    std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
    file << encode_jitter(table_);
    file.close();
    if (!file || std::rename(fresh.c_str(), path_.c_str()) != 0) {
        return fail_errno("write " + path_, errno == 0 ? EIO : errno);
    }
    saved_ = table_;
    return {};
}

std::string state_file(const char* name) {
    const auto variable = [](const char* key) {
        const char* value = std::getenv(key);
        // Relative ones are to be ignored, by the XDG specification.
        return value != nullptr && *value == '/' ? std::string(value) : std::string();
    };
    if (const auto folder = variable("STATE_DIRECTORY"); !folder.empty()) {
        return folder.substr(0, folder.find(':')) + "/" + name;
    }
    if (const auto folder = variable("XDG_STATE_HOME"); !folder.empty()) {
        return folder + "/spicykvm/" + name;
    }
    const auto home = variable("HOME");
    return home.empty() ? std::string() : home + "/.local/state/spicykvm/" + name;
}

} // namespace spicykvm::session
