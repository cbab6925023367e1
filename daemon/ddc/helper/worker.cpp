// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/helper/worker.h"

#include "ddc/sysfs_displays.h"

#include <algorithm>
#include <cerrno>

namespace spicykvm::ddc {

namespace {

constexpr Milliseconds kLockPoll{100};

/// Transfers on an open node, by the way that its driver can.
class Transfers {
  public:
    Transfers(I2cNode& node, Bus bus, std::set<Bus>& without_rdwr)
        : node_(node), bus_(bus), without_rdwr_(without_rdwr) {}

    int write(std::uint16_t address, ByteSpan bytes) {
        return either([&] { return node_.rdwr_write(address, bytes); }, address,
                      [&] { return node_.write(bytes); });
    }
    int read(std::uint16_t address, std::span<std::uint8_t> bytes) {
        return either([&] { return node_.rdwr_read(address, bytes); }, address,
                      [&] { return node_.read(bytes); });
    }

  private:
    template <typename Rdwr, typename Plain>
    int either(Rdwr rdwr, std::uint16_t address, Plain plain) {
        if (!without_rdwr_.contains(bus_)) {
            const int result = rdwr();
            if (result != EINVAL) {
                return result;
            }
            without_rdwr_.insert(bus_);
        }
        const int result = node_.select(address);
        return result != 0 ? result : plain();
    }

    I2cNode& node_;
    Bus bus_;
    std::set<Bus>& without_rdwr_;
};

struct LiveEdid {
    std::optional<Edid> edid;
    int error_number = 0; ///< of the last try; 0: bytes came that are no EDID
};

/// 128 bytes twice, then 256 twice: some adapters begin in the middle.
LiveEdid read_edid(Transfers& transfers) {
    constexpr std::array<std::size_t, 4> kSizes = {128, 128, 256, 256};
    LiveEdid result;
    for (const std::size_t size : kSizes) {
        const std::array<std::uint8_t, 1> offset = {0};
        std::array<std::uint8_t, 256> buffer{};
        const auto bytes = std::span(buffer).first(size);
        result.error_number = transfers.write(kEdidAddress, offset);
        if (result.error_number == 0) {
            result.error_number = transfers.read(kEdidAddress, bytes);
        }
        if (result.error_number == 0) {
            result.edid = Edid::parse(bytes);
        }
        if (result.edid) {
            break;
        }
    }
    return result;
}

/// Whether the monitor is the one that `request` means; else `reply` says why not.
bool identify(const Request& request, Transfers& transfers, Reply& reply) {
    if (request.identity == IdentityRule::None) {
        return true;
    }
    const LiveEdid live = read_edid(transfers);
    if (!live.edid) {
        reply.status = Status::EdidUnreadable;
        reply.error_number = live.error_number;
        return request.identity == IdentityRule::IfReadable;
    }
    const auto expected = Edid::parse(request.edid);
    if (!expected || !expected->same_unit(*live.edid)) {
        reply.status = Status::EdidDiffers;
        return false;
    }
    return true;
}

void edid(Transfers& transfers, Reply& reply) {
    const LiveEdid live = read_edid(transfers);
    reply.status = live.edid ? Status::Done : Status::EdidUnreadable;
    reply.error_number = live.error_number;
    reply.has_edid = live.edid.has_value();
    if (live.edid) {
        reply.edid = live.edid->block;
    }
}

void send(const Packet& packet, Transfers& transfers, Reply& reply) {
    reply.attempted = true;
    reply.error_number = transfers.write(kDisplayAddress, packet.bytes());
    reply.status = reply.error_number == 0 ? Status::Done : Status::TransferFailed;
}

/// The request, rest, and the reply: two transfers, as the standard wants it.
void ask(const Packet& packet, Milliseconds delay, std::span<std::uint8_t> answer,
         Transfers& transfers, Waiting& waiting, Reply& reply) {
    reply.status = Status::TransferFailed;
    reply.error_number = transfers.write(kDisplayAddress, packet.bytes());
    if (reply.error_number != 0) {
        return;
    }
    waiting.wait(delay);
    reply.error_number = transfers.read(kDisplayAddress, answer);
    if (reply.error_number == 0) {
        reply.status = Status::Done;
    }
}

void bad_reply(ReplyFault fault, Reply& reply) {
    reply.status = Status::BadReply;
    reply.fault = fault;
}

void get(const Request& request, Transfers& transfers, Waiting& waiting, Reply& reply) {
    std::array<std::uint8_t, kVcpReplyRead> answer{};
    ask(Packet::get_vcp(request.vcp), Milliseconds(request.reply_delay_ms), answer, transfers,
        waiting, reply);
    if (reply.status != Status::Done) {
        return;
    }
    const auto value = parse_vcp_reply(answer, request.vcp);
    if (!value) {
        bad_reply(value.error(), reply);
        return;
    }
    reply.supported = value->supported;
    reply.momentary = value->momentary;
    reply.max = value->max;
    reply.current = value->current;
}

void capabilities(const Request& request, Transfers& transfers, Waiting& waiting, Reply& reply) {
    std::array<std::uint8_t, kCapabilitiesReplyRead> answer{};
    ask(Packet::capabilities(request.index), Milliseconds(request.reply_delay_ms), answer,
        transfers, waiting, reply);
    if (reply.status != Status::Done) {
        return;
    }
    const auto text = parse_capabilities_reply(answer, request.index);
    if (!text) {
        bad_reply(text.error(), reply);
        return;
    }
    reply.text.assign(text->begin(), text->end());
}

} // namespace

Worker::Worker(I2cNodes& nodes, Waiting& waiting, std::filesystem::path sysfs)
    : nodes_(nodes), waiting_(waiting), sysfs_(std::move(sysfs)) {}

Reply Worker::handle(const Request& request) {
    Reply reply;
    reply.serial = request.serial;
    if (request.operation == Operation::Display) {
        display(request.index, reply);
    } else {
        on_bus(request, reply);
    }
    return reply;
}

void Worker::display(std::size_t index, Reply& reply) {
    if (index == 0) {
        displays_ = list_displays(sysfs_);
    }
    if (index >= displays_.size()) {
        reply.status = Status::NoDisplay;
        return;
    }
    const Display& display = displays_[index];
    reply.status = Status::Done;
    reply.text = display.connector;
    reply.buses = display.buses;
    reply.internal = display.internal;
    reply.edid_unreadable = display.edid_unreadable;
    reply.has_edid = display.edid.has_value();
    if (display.edid) {
        reply.edid = display.edid->block;
    }
}

int Worker::lock(I2cNode& node) {
    const TimePoint deadline = waiting_.now() + kLockWait;
    while (node.lock() != 0) {
        if (waiting_.now() >= deadline) {
            return EBUSY;
        }
        waiting_.wait(kLockPoll);
    }
    return 0;
}

void Worker::on_bus(const Request& request, Reply& reply) {
    const auto opened = nodes_.open(request.bus);
    if (!opened.node) {
        reply.status = Status::OpenFailed;
        reply.error_number = opened.error_number;
        return;
    }
    const bool writes = request.operation == Operation::Set || request.operation == Operation::Save;
    reply.unlocked = lock(*opened.node) != 0;
    if (reply.unlocked && !writes) {
        reply.status = Status::Busy;
        return;
    }
    Transfers transfers(*opened.node, request.bus, without_rdwr_);
    if (writes && !identify(request, transfers, reply)) {
        return;
    }
    switch (request.operation) {
    case Operation::Edid:
        edid(transfers, reply);
        break;
    case Operation::Get:
        get(request, transfers, waiting_, reply);
        break;
    case Operation::Set:
        send(Packet::set_vcp(request.vcp, request.value, request.source), transfers, reply);
        break;
    case Operation::Save:
        send(Packet::save_settings(), transfers, reply);
        break;
    case Operation::Capabilities:
        capabilities(request, transfers, waiting_, reply);
        break;
    case Operation::Display:
        break; // needs no bus
    }
}

} // namespace spicykvm::ddc
