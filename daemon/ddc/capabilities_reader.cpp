// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/capabilities_reader.h"

namespace spicykvm::ddc {

namespace {

/// Before the first piece, as ddcutil has found by trying.
constexpr Milliseconds kFirstRest{200};

} // namespace

CapabilitiesReader::CapabilitiesReader(Bus bus, unsigned slowness, TimePoint now)
    : bus_(bus), slowness_(std::clamp(slowness, 1U, 10U)),
      not_before_(now + kFirstRest * slowness_), retry_(Retry::Kind::Read, slowness_, not_before_) {
}

Request CapabilitiesReader::next() const {
    Request request;
    request.operation = Operation::Capabilities;
    request.bus = bus_;
    request.index = static_cast<std::uint16_t>(text_.size());
    request.reply_delay_ms = static_cast<std::uint16_t>(BusTiming::reply_delay(slowness_).count());
    return request;
}

void CapabilitiesReader::on_reply(const Result<Reply>& reply, TimePoint now) {
    timing_.used(next(), slowness_, now);
    if (!reply) {
        fail_with(reply.error());
    } else if (reply->status == Status::Done) {
        take(*reply, now);
    } else if (reply->status == Status::BadReply && reply->fault == ReplyFault::Unrelated &&
               !text_.empty() && restarts_ < kMaxRestarts) {
        // A piece of another place: what was read before may be one, too.
        ++restarts_;
        text_.clear();
        retry_ = Retry(Retry::Kind::Read, slowness_, now);
    } else if (const auto again = retry_.again(*reply, now)) {
        not_before_ = *again;
    } else {
        fail_with({error_code(*reply), explain(*reply, bus_)});
    }
}

void CapabilitiesReader::take(const Reply& reply, TimePoint now) {
    text_ += reply.text;
    retry_ = Retry(Retry::Kind::Read, slowness_, now);
    // The last piece is an empty one; some monitors never send it.
    finished_ = reply.text.empty() || text_.size() >= Capabilities::kMaxText;
}

void CapabilitiesReader::fail_with(Error error) {
    error_ = std::move(error);
    finished_ = true;
}

Result<Capabilities> CapabilitiesReader::result() const {
    if (error_) {
        return Failure(*error_);
    }
    return Capabilities::parse({reinterpret_cast<const std::uint8_t*>(text_.data()), text_.size()});
}

} // namespace spicykvm::ddc
