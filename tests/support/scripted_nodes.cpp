// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The nodes of spicykvm-ddc as the tests build it: each file i2c-N of the folder is a monitor, and
// the words in it are its habits:
//
//     hang               transfers never end
//     die                the program ends in the middle of a transfer
//     no_rdwr, deaf, other_edid, no_edid
//     deaf_away          answers only on the input that it shows
//     unit=NAME          remembers its input; buses of one NAME are cables of one monitor
//
// Requests that arrive are appended to "received": the bus and the bytes in hexadecimal, a line
// each. When they did is in "sent_at": CLOCK_MONOTONIC in nanoseconds, a line each.
#include "base/fd.h"
#include "ddc/packet.h"
#include "support/bad_monitor.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <set>
#include <sys/file.h>
#include <unistd.h>

namespace spicykvm::ddc {

namespace {

std::set<std::string> words_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istream_iterator<std::string>(file), std::istream_iterator<std::string>()};
}

test::Habits habits_of(const std::set<std::string>& words) {
    test::Habits habits;
    habits.no_rdwr = words.contains("no_rdwr");
    habits.nacks = words.contains("deaf") ? 1000000 : 0;
    habits.deaf_while_away = words.contains("deaf_away");
    if (words.contains("other_edid")) {
        habits.edid = test::edid_bytes({.serial = "another"});
    }
    if (words.contains("no_edid")) {
        habits.edid.clear();
    }
    return habits;
}

class ScriptedNode final : public I2cNode {
  public:
    ScriptedNode(Fd fd, std::string folder, unsigned bus)
        : fd_(std::move(fd)), folder_(std::move(folder)), bus_(bus),
          words_(words_of(folder_ + "/i2c-" + std::to_string(bus))), monitor_(habits_of(words_)) {
        for (const std::string& word : words_) {
            if (word.starts_with("unit=")) {
                unit_ = folder_ + "/" + word;
            }
        }
        std::uint16_t input = 0;
        if (std::ifstream(unit_) >> input) {
            monitor_.show(input);
        }
    }

    int lock() override { return ::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0 ? 0 : errno; }

    int rdwr_write(std::uint16_t address, ByteSpan bytes) override {
        misbehave();
        return monitor_.habits().no_rdwr ? EINVAL : pass(address, bytes);
    }
    int rdwr_read(std::uint16_t address, std::span<std::uint8_t> bytes) override {
        misbehave();
        return monitor_.habits().no_rdwr ? EINVAL : monitor_.read(address, bytes, Clock::now());
    }
    int select(std::uint16_t address) override {
        address_ = address;
        return 0;
    }
    int write(ByteSpan bytes) override { return pass(address_, bytes); }
    int read(std::span<std::uint8_t> bytes) override {
        return monitor_.read(address_, bytes, Clock::now());
    }

  private:
    void misbehave() const {
        if (words_.contains("die")) {
            ::_exit(1);
        }
        while (words_.contains("hang")) {
            ::pause();
        }
    }

    int pass(std::uint16_t address, ByteSpan bytes) {
        const int result = monitor_.write(address, bytes, Clock::now());
        if (!unit_.empty()) {
            std::ofstream(unit_) << monitor_.input(Clock::now());
        }
        if (result == 0 && address == kDisplayAddress) {
            // One write() a line, so that a reader sees whole lines.
            std::string line = std::to_string(bus_) + ":";
            for (const std::uint8_t byte : bytes) {
                char text[4];
                std::snprintf(text, sizeof text, " %02x", byte);
                line += text;
            }
            append("sent_at", std::to_string(Clock::now().time_since_epoch().count()));
            append("received", line);
        }
        return result;
    }

    void append(const std::string& name, std::string line) const {
        line += '\n';
        const Fd log(::open((folder_ + "/" + name).c_str(),
                            O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        (void)!::write(log.get(), line.data(), line.size());
    }

    Fd fd_;
    std::string folder_;
    unsigned bus_;
    std::set<std::string> words_;
    std::string unit_; ///< the file in which its input is
    test::BadMonitor monitor_;
    std::uint16_t address_ = 0;
};

class ScriptedNodes final : public I2cNodes {
  public:
    explicit ScriptedNodes(std::string folder) : folder_(std::move(folder)) {}

    Opened open(Bus bus) override {
        const unsigned number = static_cast<unsigned>(bus);
        Fd fd(::open((folder_ + "/i2c-" + std::to_string(number)).c_str(), O_RDWR | O_CLOEXEC));
        if (!fd.valid()) {
            return {nullptr, errno};
        }
        return {std::make_unique<ScriptedNode>(std::move(fd), folder_, number), 0};
    }

  private:
    std::string folder_;
};

} // namespace

std::unique_ptr<I2cNodes> make_i2c_nodes(const std::string& folder, const std::string&) {
    return std::make_unique<ScriptedNodes>(folder);
}

} // namespace spicykvm::ddc
