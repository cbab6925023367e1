// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/buses.h"

#include "base/fd.h"
#include "ddc/packet.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <system_error>
#include <unistd.h>

namespace spicykvm::bench {

namespace {

constexpr std::uint16_t kAtHost = 0x11;
constexpr std::uint16_t kAtGuest = 0x0f;

/// A program of the same build folder; tests/bench is where this one is.
std::string program(const std::string& path) {
    const auto self = std::filesystem::read_symlink("/proc/self/exe");
    return self.parent_path().parent_path().parent_path() / path;
}

void check(bool done, const std::string& what) {
    if (!done) {
        throw std::system_error(errno, std::generic_category(), what);
    }
}

} // namespace

Buses::Buses(const std::vector<unsigned>& real) : real_(!real.empty()), numbers_(real) {
    for (unsigned number = 1; !real_ && number <= kScripted; ++number) {
        rig_.add_monitor(number);
        numbers_.push_back(number);
    }
}

ddc::HelperCommand Buses::helper() const {
    return real_ ? ddc::HelperCommand{program("daemon/ddc/spicykvm-ddc"), {}}
                 : rig_.command(program("tests/support/scripted-ddc"));
}

ddc::MonitorSettings Buses::monitor(std::size_t position, unsigned sets) const {
    constexpr std::array kFeatures = {ddc::VcpCode::InputSource, ddc::VcpCode::DellSubInput};
    const std::string number = std::to_string(numbers_[position]);
    ddc::MonitorSettings settings;
    settings.name = "monitor" + number;
    settings.wake_delay = Milliseconds(0);
    for (unsigned i = 0; i < sets; ++i) {
        settings.set.push_back({kFeatures.at(i), ddc::SourceAddress::Host, kAtHost, kAtGuest});
    }
    if (real_) {
        settings.bus = ddc::Bus(static_cast<std::uint16_t>(numbers_[position]));
    } else {
        settings.match.connector = "DP-" + number;
    }
    return settings;
}

void Buses::set_bare(std::size_t position, std::uint16_t value) const {
    const std::string node = "i2c-" + std::to_string(numbers_[position]);
    const std::string path = (real_ ? "/dev" : rig_.dev().string()) + "/" + node;
    const Fd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    check(fd.valid() && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0, path);
    const auto packet = ddc::Packet::set_vcp(ddc::VcpCode::InputSource, value);
    if (!real_) {
        return; // the bus itself takes no time
    }
    const auto bytes = packet.bytes();
    i2c_msg message{ddc::kDisplayAddress, 0, static_cast<std::uint16_t>(bytes.size()),
                    const_cast<std::uint8_t*>(bytes.data())};
    i2c_rdwr_ioctl_data data{&message, 1};
    check(::ioctl(fd.get(), I2C_RDWR, &data) == 1, path);
}

std::vector<TimePoint> Buses::sent() {
    std::ifstream file(rig_.dev() / "sent_at");
    std::vector<TimePoint> times;
    std::size_t line = 0;
    for (TimePoint::rep time = 0; file >> time; ++line) {
        if (line >= told_) {
            times.emplace_back(TimePoint::duration(time));
        }
    }
    told_ = line;
    return times;
}

} // namespace spicykvm::bench
