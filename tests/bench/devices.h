// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "bench/device.h"

#include <string>

namespace spicykvm::bench {

class PipeDevice final : public Device {
  public:
    PipeDevice();
    void emit(std::span<const Change> changes) override;
    [[nodiscard]] std::unique_ptr<input::InputNode> open_node() override;
    [[nodiscard]] Fd open_bare() override { return std::move(read_end_); }
    [[nodiscard]] Fd open_as_host() override { return {}; }

  private:
    Fd read_end_;
    Fd write_end_;
};

class UinputDevice final : public Device {
  public:
    UinputDevice();
    ~UinputDevice() override;
    void emit(std::span<const Change> changes) override;
    [[nodiscard]] std::unique_ptr<input::InputNode> open_node() override;
    [[nodiscard]] Fd open_bare() override;
    [[nodiscard]] Fd open_as_host() override;

  private:
    Fd uinput_;
    std::string path_;
};

} // namespace spicykvm::bench
