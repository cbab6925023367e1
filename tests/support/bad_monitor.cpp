// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/bad_monitor.h"

#include <algorithm>
#include <cerrno>

namespace spicykvm::test {

namespace {

std::uint8_t sum(std::uint8_t start, ByteSpan bytes) {
    for (const std::uint8_t byte : bytes) {
        start = static_cast<std::uint8_t>(start ^ byte);
    }
    return start;
}

bool is_request(ByteSpan bytes) {
    return bytes.size() >= 4 && (bytes[0] == 0x51 || bytes[0] == 0x50) &&
           bytes[1] == 0x80 + bytes.size() - 3 && sum(0x6e, bytes) == 0;
}

} // namespace

std::uint16_t BadMonitor::input(TimePoint now) {
    if (habits_.bounces_back && input_ != habits_.host_input &&
        now >= switched_at_ + *habits_.bounces_back) {
        input_ = input_before_;
    }
    return input_;
}

bool BadMonitor::is_deaf(TimePoint now) {
    const bool after_switch =
        switched_at_ != TimePoint{} && now < switched_at_ + habits_.deaf_after_switch;
    return after_switch || (habits_.deaf_while_away && input(now) != habits_.host_input);
}

int BadMonitor::write(std::uint16_t address, ByteSpan bytes, TimePoint now) {
    if (address == 0x50) {
        return habits_.edid.empty() ? ENXIO : 0;
    }
    if (address != 0x37 || is_deaf(now)) {
        return ENXIO;
    }
    if (habits_.nacks > 0) {
        --habits_.nacks;
        return habits_.nack_error;
    }
    if (!is_request(bytes)) {
        ++garbage_;
        return 0;
    }
    received_.push_back(to_bytes(bytes));
    if (!habits_.wedged) {
        obey(bytes, now);
    }
    return 0;
}

void BadMonitor::obey(ByteSpan request, TimePoint now) {
    reply_.clear();
    const std::uint8_t opcode = request[2];
    if (opcode != 0x03 && habits_.nulls > 0) {
        --habits_.nulls;
        answer({});
    } else if (opcode == 0x01) {
        const std::uint16_t value = habits_.lie.value_or(input(now));
        const auto high = static_cast<std::uint8_t>(value >> 8);
        const auto low = static_cast<std::uint8_t>(value);
        const std::uint8_t code = request[3];
        answer(code == 0x60 ? Bytes{2, 0, code, 0, 0, 0x12, high, low}
                            : Bytes{2, 1, code, 0, 0, 0, 0, 0});
    } else if (opcode == 0x03 && habits_.loses_sets > 0) {
        --habits_.loses_sets;
    } else if (opcode == 0x03 && (request[3] == 0x60 || request[3] == 0xf4)) {
        input_before_ = input(now);
        input_ = static_cast<std::uint16_t>(request[4] << 8 | request[5]);
        switched_at_ = now;
    } else if (opcode == 0xf3) {
        const std::size_t offset = static_cast<std::size_t>(request[3] << 8 | request[4]);
        const std::string& all = habits_.capabilities;
        const std::string text = offset < all.size() ? all.substr(offset, 32) : "";
        Bytes payload = {0xe3, request[3], request[4]};
        payload.insert(payload.end(), text.begin(), text.end());
        answer(std::move(payload));
    }
}

void BadMonitor::answer(Bytes payload) {
    reply_ = {0x6e, static_cast<std::uint8_t>(0x80 + payload.size())};
    reply_.insert(reply_.end(), payload.begin(), payload.end());
    reply_.push_back(sum(0x50, reply_));
    if (habits_.doubled_first_byte) {
        reply_.insert(reply_.begin(), 0x6e);
    }
}

int BadMonitor::read(std::uint16_t address, std::span<std::uint8_t> bytes, TimePoint now) {
    std::ranges::fill(bytes, std::uint8_t{0});
    if (address == 0x50) {
        std::copy_n(habits_.edid.begin(), std::min(habits_.edid.size(), bytes.size()),
                    bytes.begin());
        return habits_.edid.empty() ? ENXIO : 0;
    }
    if (address != 0x37 || is_deaf(now)) {
        return ENXIO;
    }
    if (habits_.wedged) {
        return EIO;
    }
    std::copy_n(reply_.begin(), std::min(reply_.size(), bytes.size()), bytes.begin());
    return 0;
}

std::vector<std::uint16_t> BadMonitor::sets() const {
    std::vector<std::uint16_t> values;
    for (const Bytes& request : received_) {
        if (request[2] == 0x03 && (request[3] == 0x60 || request[3] == 0xf4)) {
            values.push_back(static_cast<std::uint16_t>(request[4] << 8 | request[5]));
        }
    }
    return values;
}

class BadNode final : public ddc::I2cNode {
  public:
    BadNode(BadNodes& nodes, BadMonitor& monitor) : nodes_(nodes), monitor_(monitor) {
        ++nodes_.open_now;
        ++nodes_.opened;
    }
    BadNode(const BadNode&) = delete;
    BadNode& operator=(const BadNode&) = delete;
    ~BadNode() override { --nodes_.open_now; }

    int lock() override { return nodes_.locked_by_another ? EWOULDBLOCK : 0; }
    int rdwr_write(std::uint16_t address, ByteSpan bytes) override {
        nodes_.before_transfer();
        return monitor_.habits().no_rdwr ? EINVAL : monitor_.write(address, bytes, nodes_.now_());
    }
    int rdwr_read(std::uint16_t address, std::span<std::uint8_t> bytes) override {
        nodes_.before_transfer();
        return monitor_.habits().no_rdwr ? EINVAL : monitor_.read(address, bytes, nodes_.now_());
    }
    int select(std::uint16_t address) override {
        address_ = address;
        return monitor_.habits().driver_bound && address == 0x37 ? EBUSY : 0;
    }
    int write(ByteSpan bytes) override { return monitor_.write(address_, bytes, nodes_.now_()); }
    int read(std::span<std::uint8_t> bytes) override {
        return monitor_.read(address_, bytes, nodes_.now_());
    }

  private:
    BadNodes& nodes_;
    BadMonitor& monitor_;
    std::uint16_t address_ = 0;
};

ddc::I2cNodes::Opened BadNodes::open(ddc::Bus bus) {
    if (const auto error = open_errors.find(bus); error != open_errors.end()) {
        return {nullptr, error->second};
    }
    const auto found = monitors_.find(bus);
    if (found == monitors_.end()) {
        return {nullptr, ENOENT};
    }
    return {std::make_unique<BadNode>(*this, found->second), 0};
}

} // namespace spicykvm::test
