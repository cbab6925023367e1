// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/display_scan.h"

#include <algorithm>

namespace spicykvm::ddc {

Request DisplayScan::next() const {
    Request request;
    if (stage_ == Stage::ReadingEdids) {
        request.operation = Operation::Edid;
        request.bus = displays_[position_].buses.front();
    } else {
        request.operation = Operation::Display;
        request.index = static_cast<std::uint16_t>(displays_.size());
    }
    return request;
}

void DisplayScan::on_reply(const Reply& reply) {
    switch (stage_) {
    case Stage::Listing:
        on_listed(reply);
        break;
    case Stage::ReadingEdids:
        if (reply.has_edid) {
            displays_[position_].edid = Edid::parse(reply.edid);
        }
        ++position_;
        read_on();
        break;
    case Stage::Finished:
        break;
    }
}

void DisplayScan::on_listed(const Reply& reply) {
    if (reply.status == Status::Done) {
        Display display;
        display.connector = reply.text;
        display.buses = reply.buses;
        display.internal = reply.internal;
        display.edid_unreadable = reply.edid_unreadable;
        if (reply.has_edid) {
            display.edid = Edid::parse(reply.edid);
        }
        displays_.push_back(std::move(display));
    }
    if (reply.status != Status::Done || displays_.size() == kMaxDisplays) {
        stage_ = Stage::ReadingEdids;
        read_on();
    }
}

bool DisplayScan::is_needed(const Display& display) const {
    if (display.edid || display.buses.empty() || display.internal) {
        return false;
    }
    return std::ranges::any_of(wanted_, [&](const MonitorCriteria& criteria) {
        if (!criteria.wants_edid() && !display.connector.empty()) {
            return false;
        }
        // With a connector named, only this one; without, only where no connector says who is
        // there.
        MonitorCriteria place;
        place.connector = criteria.connector;
        return display.connector.empty() || (!place.empty() && matches(place, display));
    });
}

void DisplayScan::read_on() {
    while (position_ < displays_.size() && !is_needed(displays_[position_])) {
        ++position_;
    }
    if (position_ == displays_.size()) {
        join();
        stage_ = Stage::Finished;
    }
}

void DisplayScan::join() {
    const auto is_adapter = [](const Display& display) { return display.connector.empty(); };
    std::vector<bool> joined(displays_.size(), false);
    for (std::size_t i = 0; i < displays_.size(); ++i) {
        const Display& adapter = displays_[i];
        if (!is_adapter(adapter) || !adapter.edid) {
            continue;
        }
        const auto is_its_connector = [&](const Display& display) {
            return !is_adapter(display) && display.edid && display.edid->same_unit(*adapter.edid);
        };
        joined[i] = std::ranges::count_if(displays_, is_its_connector) == 1;
        if (joined[i]) {
            auto& buses = std::ranges::find_if(displays_, is_its_connector)->buses;
            buses.insert(buses.end(), adapter.buses.begin(), adapter.buses.end());
        }
    }
    std::vector<Display> left;
    for (std::size_t i = 0; i < displays_.size(); ++i) {
        if (!joined[i] && (!is_adapter(displays_[i]) || displays_[i].edid)) {
            left.push_back(std::move(displays_[i]));
        }
    }
    displays_ = std::move(left);
}

} // namespace spicykvm::ddc
