// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/feature_request.h"

#include "ddc/bus_timing.h"

namespace spicykvm::ddc {

namespace {

/// Whether the next try may have more luck on the next bus.
bool may_differ_on_another_bus(Status status) noexcept {
    return status != Status::Busy && status != Status::Invalid && status != Status::EdidDiffers;
}

} // namespace

FeatureRequest FeatureRequest::get(const Display& display, VcpCode feature, TimePoint now) {
    return {display, Operation::Get, feature, now};
}

FeatureRequest FeatureRequest::set(const Display& display, VcpCode feature, std::uint16_t value,
                                   TimePoint now) {
    FeatureRequest set(display, Operation::Set, feature, now);
    set.request_.value = value;
    if (feature == VcpCode::LgInputSource) {
        set.request_.source = SourceAddress::LgChannel;
    }
    if (display.edid) {
        set.request_.identity =
            display.edid_unreadable ? IdentityRule::IfReadable : IdentityRule::Required;
        set.request_.edid = display.edid->block;
    }
    return set;
}

FeatureRequest::FeatureRequest(const Display& display, Operation operation, VcpCode feature,
                               TimePoint now)
    : buses_(display.buses),
      retry_(operation == Operation::Get ? Retry::Kind::Read : Retry::Kind::Write, 1, now),
      not_before_(now) {
    request_.operation = operation;
    request_.vcp = feature;
    request_.bus = buses_.front();
    request_.reply_delay_ms = static_cast<std::uint16_t>(BusTiming::reply_delay(1).count());
}

void FeatureRequest::on_reply(const Result<Reply>& reply, TimePoint now) {
    if (!reply) {
        // A bus that hung once would hang again.
        attempted_ = attempted_ || request_.operation == Operation::Set;
        result_ = reply;
        return;
    }
    attempted_ = attempted_ || reply->attempted;
    if (reply->status == Status::Done) {
        result_ = reply;
    } else if (const auto again = retry_.again(*reply, now)) {
        not_before_ = *again;
        position_ =
            may_differ_on_another_bus(reply->status) ? (position_ + 1) % buses_.size() : position_;
        request_.bus = buses_[position_];
    } else {
        result_ = fail(error_code(*reply), explain(*reply, request_.bus));
    }
}

} // namespace spicykvm::ddc
