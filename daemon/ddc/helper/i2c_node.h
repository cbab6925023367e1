// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/bytes.h"
#include "base/time.h"
#include "ddc/display.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace spicykvm::ddc {

/// An open /dev/i2c-N: exactly the operations of i2c-dev, each 0 or an errno value. Any of them may
/// hang for ever inside the kernel.
class I2cNode {
  public:
    virtual ~I2cNode() = default;
    /// flock(LOCK_EX | LOCK_NB), as ddcutil and PowerDevil do.
    virtual int lock() = 0;
    /// I2C_RDWR with one message. EINVAL with some builds of NVIDIA's driver.
    virtual int rdwr_write(std::uint16_t address, ByteSpan bytes) = 0;
    virtual int rdwr_read(std::uint16_t address, std::span<std::uint8_t> bytes) = 0;
    /// I2C_SLAVE, then write() and read(). EBUSY if a kernel driver has the address.
    virtual int select(std::uint16_t address) = 0;
    virtual int write(ByteSpan bytes) = 0;
    virtual int read(std::span<std::uint8_t> bytes) = 0;
};

/// Where nodes come from.
class I2cNodes {
  public:
    virtual ~I2cNodes() = default;
    struct Opened {
        std::unique_ptr<I2cNode> node; ///< null: see `error_number`
        int error_number = 0;
    };
    virtual Opened open(Bus bus) = 0;
};

/// The nodes of `folder` ("/dev"). The process can open no others from then on, and read only what
/// is below `sysfs` (see restrict_files()): a node that came later is ESTALE, and needs a new
/// process. Tests of the program link another one.
[[nodiscard]] std::unique_ptr<I2cNodes> make_i2c_nodes(const std::string& folder,
                                                       const std::string& sysfs);

/// The time as the worker sees it; it has nothing else to do while it waits.
class Waiting {
  public:
    virtual ~Waiting() = default;
    virtual TimePoint now() = 0;
    virtual void wait(Milliseconds time) = 0;
};

} // namespace spicykvm::ddc
