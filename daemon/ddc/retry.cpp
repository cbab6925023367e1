// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/retry.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace spicykvm::ddc {

namespace {

using namespace std::chrono_literals;

constexpr unsigned kReadTries = 10;
constexpr unsigned kWriteTries = 4;
constexpr unsigned kNullTries = 3;
constexpr Milliseconds kPause = 50ms;
/// After an error of DP AUX, a dock, or a bus that hangs.
constexpr Milliseconds kLongerPause = 100ms;
/// After resume a node belongs to root alone until udev has seen it.
constexpr Milliseconds kAccessPause = 600ms;

/// How long tries may begin, for a monitor of slowness 1.
Milliseconds budget(Retry::Kind kind, const Reply& reply) noexcept {
    if (reply.status == Status::OpenFailed && reply.error_number == EACCES) {
        return 3000ms;
    }
    return kind == Retry::Kind::Write ? 1500ms : 3000ms;
}

std::string node_of(Bus bus) {
    return "i2c-" + std::to_string(static_cast<unsigned>(bus));
}

std::string transfer_reason(int error_number) {
    switch (error_number) {
    case ENXIO:
    case EREMOTEIO:
    case EIO:
        return "the monitor does not answer (DDC/CI off in its menu, asleep, or showing another "
               "input)";
    case EBUSY:
        return "a kernel driver (ddcci) holds the monitor's address";
    default:
        return std::generic_category().message(error_number);
    }
}

} // namespace

Retry::Retry(Kind kind, unsigned slowness, TimePoint now)
    : kind_(kind), slowness_(std::clamp(slowness, 1U, 10U)), started_(now) {}

bool Retry::final(const Reply& reply) noexcept {
    switch (reply.status) {
    case Status::Done:
    case Status::NoDisplay:
    case Status::Busy:
    case Status::EdidDiffers:
    case Status::Invalid:
        return true;
    case Status::OpenFailed:
        return reply.error_number != EACCES;
    case Status::EdidUnreadable:
    case Status::TransferFailed:
        return reply.error_number == EBUSY || reply.error_number == ENODEV ||
               reply.error_number == ENOENT;
    case Status::BadReply:
        nulls_ += reply.fault == ReplyFault::Null ? 1 : 0;
        return nulls_ >= kNullTries;
    }
    return true;
}

Milliseconds Retry::pause(const Reply& reply) const noexcept {
    if (reply.status == Status::OpenFailed) {
        return kAccessPause;
    }
    const bool longer = reply.status == Status::TransferFailed &&
                        (reply.error_number == EREMOTEIO || reply.error_number == ETIMEDOUT);
    return kPause * slowness_ + (longer ? kLongerPause : 0ms);
}

std::optional<TimePoint> Retry::again(const Reply& reply, TimePoint now) {
    ++tries_;
    const unsigned limit = kind_ == Kind::Write ? kWriteTries : kReadTries;
    if (final(reply) || tries_ >= limit) {
        return std::nullopt;
    }
    const TimePoint next = now + pause(reply);
    return next <= started_ + budget(kind_, reply) * slowness_ ? std::optional(next) : std::nullopt;
}

ErrorCode error_code(const Reply& reply) noexcept {
    switch (reply.status) {
    case Status::Done:
        break;
    case Status::NoDisplay:
        return ErrorCode::NotFound;
    case Status::OpenFailed:
        return code_from_errno(reply.error_number);
    case Status::Busy:
        return ErrorCode::Busy;
    case Status::EdidUnreadable:
    case Status::TransferFailed:
        return reply.error_number == EBUSY ? ErrorCode::Busy : ErrorCode::Unreachable;
    case Status::EdidDiffers:
        return ErrorCode::WrongPeer;
    case Status::BadReply:
        return ErrorCode::Protocol;
    case Status::Invalid:
        return ErrorCode::NotSupported;
    }
    return ErrorCode::Failed;
}

std::string explain(const Reply& reply, Bus bus) {
    const bool is_closed = reply.status == Status::OpenFailed;
    return explain(reply, bus,
                   is_closed
                       ? diagnosis::look_at_node(diagnosis::NodeKind::I2c, "/dev/" + node_of(bus))
                       : diagnosis::NodeFacts());
}

std::string explain(const Reply& reply, Bus bus, const diagnosis::NodeFacts& facts) {
    const std::string node = node_of(bus);
    switch (reply.status) {
    case Status::Done:
        return "done";
    case Status::NoDisplay:
        return "no such display";
    case Status::OpenFailed:
        return diagnosis::open_failure("/dev/" + node, reply.error_number, facts);
    case Status::Busy:
        return node + ": another program (ddcutil, PowerDevil) holds the bus";
    case Status::EdidUnreadable:
        return node + ": the monitor's EDID can't be read, so nothing was written";
    case Status::EdidDiffers:
        return node + ": another monitor is connected there now, so nothing was written";
    case Status::TransferFailed:
        return node + ": " + transfer_reason(reply.error_number);
    case Status::BadReply:
        return node + ": got " + std::string(to_string(reply.fault));
    case Status::Invalid:
        return node + ": the request is not allowed";
    }
    return node + ": failed";
}

} // namespace spicykvm::ddc
