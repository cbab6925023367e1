// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/monitor_match.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <string_view>

namespace spicykvm::ddc {

namespace {

/// As the EDID decoder leaves text, and lower case.
std::string normal(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c >= 0x20 && c < 0x7f) {
            result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    result.erase(result.find_last_not_of(' ') + 1);
    return result.erase(0, result.find_first_not_of(' '));
}

bool same(std::string_view wanted, std::string_view is) {
    return wanted.empty() || normal(wanted) == normal(is);
}

bool is_card(std::string_view name) {
    const std::string text = normal(name);
    return text.size() > 4 && text.starts_with("card") &&
           text.find_first_not_of("0123456789", 4) == std::string::npos;
}

/// By its whole name, without its card, or by its card alone if a monitor is seen there: most of
/// the connectors of a card are empty.
bool same_connector(std::string_view wanted, const Display& display) {
    const std::string_view is = display.connector;
    if (same(wanted, is)) {
        return true;
    }
    const std::size_t card_end = is.find('-');
    if (!is.starts_with("card") || card_end == std::string_view::npos) {
        return false;
    }
    if (is_card(wanted)) {
        return display.edid && !display.internal && same(wanted, is.substr(0, card_end));
    }
    return same(wanted, is.substr(card_end + 1));
}

std::string list(std::span<const Display> displays, const std::vector<std::size_t>& positions) {
    std::string text;
    for (const std::size_t position : positions) {
        text += (text.empty() ? "" : "; ") + describe(displays[position]);
    }
    return text.empty() ? "none" : text;
}

} // namespace

std::string describe(const Display& display) {
    std::string place = display.connector;
    if (place.empty() && !display.buses.empty()) {
        place = "i2c-" + std::to_string(static_cast<unsigned>(display.buses.front()));
    }
    if (!display.edid) {
        return place + " (no EDID)";
    }
    char product[8];
    std::snprintf(product, sizeof product, "0x%04x", display.edid->product);
    return place + " (" + display.edid->manufacturer + " " + product + " \"" + display.edid->name +
           "\", " + (display.edid->serial.empty() ? "no serial" : "serial hidden") + ")";
}

bool MonitorCriteria::empty() const noexcept {
    return connector.empty() && !wants_edid();
}

bool MonitorCriteria::wants_edid() const noexcept {
    return !manufacturer.empty() || !products.empty() || !name.empty() || !serial.empty() ||
           serial_number.has_value();
}

bool matches(const MonitorCriteria& criteria, const Display& display) {
    if (display.internal && criteria.connector.empty()) {
        return false;
    }
    if (!same_connector(criteria.connector, display)) {
        return false;
    }
    if (!criteria.wants_edid()) {
        return !criteria.empty();
    }
    if (!display.edid) {
        return false;
    }
    const Edid& edid = *display.edid;
    const auto& products = criteria.products;
    return same(criteria.manufacturer, edid.manufacturer) && same(criteria.name, edid.name) &&
           same(criteria.serial, edid.serial) &&
           (products.empty() || std::ranges::find(products, edid.product) != products.end()) &&
           criteria.serial_number.value_or(edid.serial_number) == edid.serial_number;
}

Result<std::size_t> find_monitor(const MonitorCriteria& criteria,
                                 std::span<const Display> displays) {
    if (criteria.empty()) {
        return fail(ErrorCode::InvalidArgument,
                    "nothing says which monitor is meant; allowed: connector, manufacturer, "
                    "product, name, serial");
    }
    std::vector<std::size_t> found;
    std::vector<std::size_t> candidates;
    for (std::size_t i = 0; i < displays.size(); ++i) {
        if (matches(criteria, displays[i])) {
            found.push_back(i);
        }
        if (!displays[i].internal && (displays[i].edid || !displays[i].connector.empty())) {
            candidates.push_back(i);
        }
    }
    if (found.size() == 1) {
        return found.front();
    }
    if (found.empty()) {
        return fail(ErrorCode::NotFound,
                    "no such monitor is connected; there is: " + list(displays, candidates));
    }
    return fail(ErrorCode::InvalidArgument,
                "more than one monitor matches: " + list(displays, found) +
                    "; add criteria such as connector");
}

Result<Display> locate(const MonitorCriteria& criteria, const std::optional<Bus>& bus,
                       std::span<const Display> displays) {
    if (!bus) {
        return find_monitor(criteria, displays).map([&](std::size_t position) {
            return displays[position];
        });
    }
    const auto found = std::ranges::find_if(displays, [&](const Display& display) {
        return std::ranges::find(display.buses, *bus) != display.buses.end();
    });
    Display display;
    if (found != displays.end()) {
        if (found->internal) {
            return fail(ErrorCode::InvalidArgument,
                        "this is the bus of " + describe(*found) + ", an internal panel");
        }
        display = *found;
    }
    display.buses = {*bus};
    return display;
}

} // namespace spicykvm::ddc
