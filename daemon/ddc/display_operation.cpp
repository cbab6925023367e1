// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/display_operation.h"

#include "ddc/vcp.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace spicykvm::ddc {

namespace {

constexpr std::size_t kMaxQuoted = 64;

std::string bus_name(Bus bus) {
    return "i2c-" + std::to_string(static_cast<unsigned>(bus));
}

/// N of "i2c-N".
std::optional<Bus> parse_bus(std::string_view address) {
    constexpr std::string_view prefix = "i2c-";
    if (!address.starts_with(prefix)) {
        return std::nullopt;
    }
    std::uint16_t number = 0;
    const char* const end = address.data() + address.size();
    const auto parsed = std::from_chars(address.data() + prefix.size(), end, number);
    return parsed.ec == std::errc{} && parsed.ptr == end ? std::optional(Bus{number})
                                                         : std::nullopt;
}

Result<Display> find_bus(Bus bus, std::span<const Display> displays) {
    for (Display display : displays) {
        if (std::ranges::find(display.buses, bus) != display.buses.end()) {
            display.buses = {bus};
            return display;
        }
    }
    // Other buses have chips on them that a stray request harms.
    return fail(ErrorCode::NotFound, bus_name(bus) + " belongs to no monitor");
}

Result<Display> find_place(std::string_view address, std::span<const Display> displays) {
    if (const auto bus = parse_bus(address)) {
        return find_bus(*bus, displays);
    }
    MonitorCriteria criteria;
    criteria.connector = address.substr(0, kMaxQuoted);
    return find_monitor(criteria, displays).map([&](std::size_t position) {
        return displays[position];
    });
}

/// `DEL 0x41b5 "DELL U2720Q"`: without the serial number, which is personal.
std::string monitor_text(const Edid& edid) {
    char product[8];
    std::snprintf(product, sizeof product, "0x%04x", edid.product);
    return edid.manufacturer + " " + product + " \"" + edid.name + "\"";
}

core::DisplayStatus status_of(const Display& display) {
    core::DisplayStatus status;
    status.connector = display.connector;
    if (display.edid) {
        status.monitor = monitor_text(*display.edid);
    }
    if (!display.buses.empty()) {
        status.bus = static_cast<std::uint16_t>(display.buses.front());
    }
    if (display.internal) {
        status.note = "a laptop's panel, which is left alone";
    } else if (!display.edid) {
        status.note = "no monitor is seen here";
    } else if (display.buses.empty()) {
        status.note = "the graphics driver has no I2C bus for it";
    }
    return status;
}

/// Connectors without EDID are most likely empty, and to ask there takes long.
bool is_asked(const Display& display) {
    return !display.internal && display.edid && !display.buses.empty();
}

void take_input(const FeatureRequest& step, core::DisplayStatus& status) {
    const Result<Reply>& reply = step.result();
    status.bus = static_cast<std::uint16_t>(step.bus());
    if (!reply) {
        status.note = reply.error().message;
        return;
    }
    status.answers = true;
    if (!reply->supported || reply->current == 0) {
        status.note = "does not tell its input, and may change it all the same";
        return;
    }
    status.input = reply->current;
    status.input_name = input_text(reply->current);
}

core::DisplayCapabilities to_core(const Capabilities& read) {
    core::DisplayCapabilities capabilities{
        read.protocol, read.type, read.model, read.mccs_version, {}, {}, read.warnings};
    for (const CapableFeature& feature : read.features) {
        capabilities.features[feature.code] = feature.values;
        if (VcpCode{feature.code} == VcpCode::InputSource) {
            for (const std::uint8_t value : feature.values) {
                capabilities.inputs[value] = input_text(value);
            }
        }
    }
    return capabilities;
}

/// Any name: adapters that no connector names are looked at for who is there, connectors are not.
std::vector<MonitorCriteria> with_any(std::vector<MonitorCriteria> wanted) {
    wanted.push_back({.name = "any"});
    return wanted;
}

} // namespace

Result<Display> find_display(std::string_view address, std::span<const Display> displays) {
    auto display = find_place(address, displays);
    if (!display) {
        return display;
    }
    if (display->internal) {
        return fail(ErrorCode::NotSupported,
                    describe(*display) + " is a laptop's panel, which DDC can harm");
    }
    if (display->buses.empty()) {
        return fail(ErrorCode::NotSupported,
                    describe(*display) + ": the graphics driver has no I2C bus for it");
    }
    return display;
}

DisplayOperation::DisplayOperation(std::vector<MonitorCriteria> wanted)
    : scan_(with_any(std::move(wanted))) {}

TimePoint DisplayOperation::due() const {
    return step_ ? std::visit([](const auto& step) { return step.due(); }, *step_) : TimePoint{};
}

Request DisplayOperation::next() const {
    return step_ ? std::visit([](const auto& step) { return step.next(); }, *step_) : scan_.next();
}

void DisplayOperation::on_reply(const Result<Reply>& reply, TimePoint now) {
    if (!step_) {
        on_scan_reply(reply, now);
        return;
    }
    std::visit([&](auto& step) { step.on_reply(reply, now); }, *step_);
    if (std::visit([](const auto& step) { return step.finished(); }, *step_)) {
        on_step_finished(*step_, now);
    }
}

void DisplayOperation::on_scan_reply(const Result<Reply>& reply, TimePoint now) {
    if (!reply && scan_.next().operation == Operation::Display) {
        on_scan_failed(reply.error());
        end();
        return;
    }
    scan_.on_reply(reply.value_or(Reply{})); // one EDID that can't be read leaves the others
    if (scan_.finished()) {
        on_scanned(scan_.displays(), now);
    }
}

void ListOperation::on_scanned(const std::vector<Display>& displays, TimePoint now) {
    found_ = displays;
    for (const Display& display : found_) {
        displays_->push_back(status_of(display));
    }
    enter_configured(configured_, found_, *displays_);
    go_on(now);
}

void ListOperation::on_scan_failed(const Error& error) {
    displays_ = Failure(error);
}

void ListOperation::on_step_finished(const Step& step, TimePoint now) {
    take_input(std::get<FeatureRequest>(step), (*displays_)[position_]);
    ++position_;
    go_on(now);
}

void ListOperation::go_on(TimePoint now) {
    while (position_ < found_.size() && !is_asked(found_[position_])) {
        ++position_;
    }
    if (position_ == found_.size()) {
        end();
    } else {
        begin(FeatureRequest::get(found_[position_], VcpCode::InputSource, now));
    }
}

void ListOperation::answer(Result<std::vector<core::DisplayStatus>> displays) {
    for (const auto& done : std::exchange(waiting_, {})) {
        done(displays);
    }
}

void OneDisplayOperation::on_scanned(const std::vector<Display>& displays, TimePoint now) {
    const auto display = find_(displays);
    if (display) {
        begin(first_step(*display, now));
    } else {
        error_ = display.error();
        end();
    }
}

void OneDisplayOperation::on_scan_failed(const Error& error) {
    error_ = error;
}

DisplayOperation::Step GetOperation::first_step(const Display& display, TimePoint now) const {
    return FeatureRequest::get(display, feature_, now);
}

void GetOperation::answer() {
    if (error()) {
        done_(Failure(*error()));
        return;
    }
    const auto& reply = std::get<FeatureRequest>(*step()).result();
    if (!reply) {
        done_(Failure(reply.error()));
    } else {
        const bool is_input = feature_ == VcpCode::InputSource && reply->supported;
        done_(core::DisplayFeature{reply->supported, reply->current, reply->max,
                                   is_input ? input_text(reply->current) : std::string()});
    }
}

DisplayOperation::Step SetOperation::first_step(const Display& display, TimePoint now) const {
    return FeatureRequest::set(display, feature_, value_, now);
}

void SetOperation::answer() {
    if (error()) {
        done_(Failure(*error()));
        return;
    }
    const auto& request = std::get<FeatureRequest>(*step());
    if (!request.result()) {
        give_up(request.result().error());
        return;
    }
    done_(std::string(request.result()->unlocked
                          ? "without the lock of its bus, which another program holds"
                          : ""));
}

void SetOperation::give_up(const Error& error) {
    const bool attempted = step() && std::get<FeatureRequest>(*step()).attempted();
    done_(fail(error.code,
               error.message + (attempted ? "; the monitor may have got it all the same" : "")));
}

DisplayOperation::Step CapabilitiesOperation::first_step(const Display& display,
                                                         TimePoint now) const {
    return CapabilitiesReader(display.buses.front(), 1, now);
}

void CapabilitiesOperation::answer() {
    if (error()) {
        done_(Failure(*error()));
    } else {
        done_(std::get<CapabilitiesReader>(*step()).result().map(to_core));
    }
}

} // namespace spicykvm::ddc
