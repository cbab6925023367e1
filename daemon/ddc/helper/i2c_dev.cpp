// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/fd.h"
#include "ddc/helper/confine.h"
#include "ddc/helper/i2c_node.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <set>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
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
    DevNodes(std::string folder, const std::string& sysfs) : folder_(std::move(folder)) {
#ifndef SPICYKVM_SANITIZED // LeakSanitizer reads /proc at the end
        restrict(sysfs);
#else
        (void)sysfs;
#endif
    }

    Opened open(Bus bus) override {
        const std::string path = folder_ + "/i2c-" + std::to_string(static_cast<unsigned>(bus));
        Fd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
        if (!fd.valid()) {
            const int error = errno;
            return {nullptr, error == EACCES && is_new(path) ? ESTALE : error};
        }
        return {std::make_unique<DevNode>(std::move(fd)), 0};
    }

  private:
    void restrict(const std::string& sysfs) {
        std::vector<Fd> nodes;
        std::vector<int> numbers;
        std::error_code error;
        for (std::filesystem::directory_iterator entry(folder_, error), end; !error && entry != end;
             entry.increment(error)) {
            Fd node(::open(entry->path().c_str(), O_PATH | O_CLOEXEC | O_NOFOLLOW));
            struct stat status {};
            if (entry->path().filename().native().starts_with("i2c-") && node.valid() &&
                ::fstat(node.get(), &status) == 0 && !S_ISLNK(status.st_mode) &&
                !S_ISDIR(status.st_mode)) {
                known_.insert(status.st_ino);
                numbers.push_back(node.get());
                nodes.push_back(std::move(node));
            }
        }
        const auto done = restrict_files(sysfs, numbers);
        is_restricted_ = done.has_value();
        if (!done) {
            std::fprintf(stderr,
                         "%s; ignoring: every file of its user stays open to spicykvm-ddc\n",
                         done.error().message.c_str());
        }
    }

    /// Whether the node was not there when the files were restricted, so that it is not among them.
    [[nodiscard]] bool is_new(const std::string& path) const {
        struct stat status {};
        return is_restricted_ && ::lstat(path.c_str(), &status) == 0 &&
               !known_.contains(status.st_ino);
    }

    std::string folder_;
    bool is_restricted_ = false;
    std::set<ino_t> known_; ///< of one file system, where a number is not soon used again
};

} // namespace

std::unique_ptr<I2cNodes> make_i2c_nodes(const std::string& folder, const std::string& sysfs) {
    return std::make_unique<DevNodes>(folder, sysfs);
}

} // namespace spicykvm::ddc
