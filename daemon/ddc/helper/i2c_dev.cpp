// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/fd.h"
#include "ddc/helper/i2c_node.h"

#include <cerrno>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace spicykvm::ddc {

namespace {

int outcome(ssize_t result, std::size_t wanted) {
    if (result < 0) {
        return errno;
    }
    return static_cast<std::size_t>(result) == wanted ? 0 : EIO;
}

class DevNode final : public I2cNode {
  public:
    explicit DevNode(Fd fd) : fd_(std::move(fd)) {}

    int lock() override { return ::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0 ? 0 : errno; }

    int rdwr_write(std::uint16_t address, ByteSpan bytes) override {
        // The kernel copies from it; the type of the field is for both directions.
        return transfer(address, 0, const_cast<std::uint8_t*>(bytes.data()), bytes.size());
    }
    int rdwr_read(std::uint16_t address, std::span<std::uint8_t> bytes) override {
        return transfer(address, I2C_M_RD, bytes.data(), bytes.size());
    }

    int select(std::uint16_t address) override {
        return ::ioctl(fd_.get(), I2C_SLAVE, static_cast<unsigned long>(address)) == 0 ? 0 : errno;
    }
    int write(ByteSpan bytes) override {
        return outcome(::write(fd_.get(), bytes.data(), bytes.size()), bytes.size());
    }
    int read(std::span<std::uint8_t> bytes) override {
        return outcome(::read(fd_.get(), bytes.data(), bytes.size()), bytes.size());
    }

  private:
    int transfer(std::uint16_t address, std::uint16_t flags, std::uint8_t* bytes,
                 std::size_t count) {
        i2c_msg message{address, flags, static_cast<std::uint16_t>(count), bytes};
        i2c_rdwr_ioctl_data data{&message, 1};
        const int result = ::ioctl(fd_.get(), I2C_RDWR, &data);
        if (result < 0) {
            return errno;
        }
        return result == 1 ? 0 : EIO; // the number of messages that were done
    }

    Fd fd_;
};

class DevNodes final : public I2cNodes {
  public:
    explicit DevNodes(std::string folder) : folder_(std::move(folder)) {}

    Opened open(Bus bus) override {
        const std::string path = folder_ + "/i2c-" + std::to_string(static_cast<unsigned>(bus));
        Fd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
        if (!fd.valid()) {
            return {nullptr, errno};
        }
        return {std::make_unique<DevNode>(std::move(fd)), 0};
    }

  private:
    std::string folder_;
};

} // namespace

std::unique_ptr<I2cNodes> make_i2c_nodes(const std::string& folder) {
    return std::make_unique<DevNodes>(folder);
}

} // namespace spicykvm::ddc
