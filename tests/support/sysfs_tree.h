// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "support/temp_folder.h"
#include "support/wire.h"

#include <fstream>
#include <string>
#include <vector>

namespace spicykvm::test {

/// A part of /sys as GPU drivers make it: devices, with links to them in class/drm and bus/i2c.
class SysfsTree {
  public:
    explicit SysfsTree(std::filesystem::path root) : root_(std::move(root)) {
        std::filesystem::create_directories(root_ / "class/drm");
        std::filesystem::create_directories(root_ / "bus/i2c/devices");
        device("0000:01:00.0", "0x030000");
    }

    /// A PCI device with this class.
    void device(const std::string& slot, const std::string& pci_class) {
        write(pci(slot) / "class", pci_class + "\n");
    }

    /// An adapter of a device.
    void adapter(unsigned number, const std::string& name,
                 const std::string& slot = "0000:01:00.0") {
        adapter_in(pci(slot), number, name);
    }

    /// A connector without buses; returns its folder.
    std::filesystem::path connector(const std::string& name, const Bytes& edid = {}) {
        const auto folder = pci("0000:01:00.0") / "drm/card1" / name;
        write(folder / "edid", std::string(edid.begin(), edid.end()));
        write(folder / "status", edid.empty() ? "disconnected\n" : "connected\n");
        std::filesystem::create_directory_symlink(folder, root_ / "class/drm" / name);
        return folder;
    }

    /// An adapter that a connector owns: DisplayPort's AUX.
    void aux(const std::string& connector, unsigned number, const std::string& name = "AUX B") {
        adapter_in(pci("0000:01:00.0") / "drm/card1" / connector, number, name);
    }

    /// The connector's `ddc` link to an adapter of the GPU.
    void ddc(const std::string& connector, unsigned number) {
        std::filesystem::create_directory_symlink(pci("0000:01:00.0") /
                                                      ("i2c-" + std::to_string(number)),
                                                  root_ / "class/drm" / connector / "ddc");
    }

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }

    static void write(const std::filesystem::path& path, const std::string& text) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
    }

  private:
    [[nodiscard]] std::filesystem::path pci(const std::string& slot) const {
        return root_ / "devices/pci0000:00" / slot;
    }
    void adapter_in(const std::filesystem::path& folder, unsigned number, const std::string& name) {
        const std::string node = "i2c-" + std::to_string(number);
        write(folder / node / "name", name + "\n");
        std::filesystem::create_directory_symlink(folder / node, root_ / "bus/i2c/devices" / node);
    }

    std::filesystem::path root_;
};

} // namespace spicykvm::test
