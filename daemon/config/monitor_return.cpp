// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/monitor_return.h"

#include "config/keys.h"

namespace spicykvm::config {

namespace {

constexpr std::size_t kMaxWord = 4095;

Failure none() {
    MonitorReturn* const field = nullptr;
    return fail(ErrorCode::InvalidArgument, "this is no way home; allowed: " + allowed(field));
}

} // namespace

Result<ReturnBy> return_by(const Value& value) {
    if (const auto* word = std::get_if<std::string>(&value.data)) {
        if (*word == "ddc") {
            return ReturnBy::Ddc;
        }
        return *word == "by-hand" ? Result<ReturnBy>(ReturnBy::ByHand) : none();
    }
    const auto* table = std::get_if<Table>(&value.data);
    if (table == nullptr || table->empty()) {
        return none();
    }
    const bool run = member(*table, "run") != nullptr;
    const bool timeout = member(*table, "timeout_ms") != nullptr;
    if (run || timeout) {
        if (!run || table->size() != (timeout ? 2U : 1U)) {
            return fail(ErrorCode::InvalidArgument,
                        "this runs no program, or does more; allowed: { run, timeout_ms }");
        }
        return ReturnBy::Hook;
    }
    if (member(*table, "i2c") != nullptr && table->size() > 1) {
        return fail(
            ErrorCode::InvalidArgument,
            "which cable is meant? allowed: either i2c or connector, manufacturer, product, "
            "serial, name");
    }
    return ReturnBy::Cable;
}

std::optional<std::vector<std::string>> program_words(const Value& value) {
    const auto* list = std::get_if<List>(&value.data);
    if (list == nullptr || list->empty() || list->size() > kMaxWords) {
        return std::nullopt;
    }
    std::vector<std::string> words;
    for (const Value& item : *list) {
        const auto* word = std::get_if<std::string>(&item.data);
        if (word == nullptr || word->size() > kMaxWord || word->find('\0') != std::string::npos ||
            (words.empty() && !word->starts_with('/'))) {
            return std::nullopt;
        }
        words.push_back(*word);
    }
    return words;
}

} // namespace spicykvm::config
