// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/sysfs_displays.h"

#include "ddc/messages.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <set>
#include <string_view>

namespace spicykvm::ddc {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFolder = 256; ///< entries looked at in one folder

std::vector<fs::path> entries(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (found.size() == kMaxFolder) {
            break;
        }
        found.push_back(entry->path());
    }
    std::ranges::sort(found);
    return found;
}

/// The first bytes of a file; empty if it can't be read.
std::string read_file(const fs::path& path) {
    std::array<char, 2 * Edid::kBlockSize> buffer{};
    std::ifstream file(path, std::ios::binary);
    file.read(buffer.data(), buffer.size());
    return {buffer.data(), static_cast<std::size_t>(file.gcount())};
}

/// "i2c-5" and nothing like it: "i2c--3" has been seen.
std::optional<Bus> bus_number(const std::string& name) {
    constexpr std::string_view kPrefix = "i2c-";
    if (!name.starts_with(kPrefix)) {
        return std::nullopt;
    }
    std::uint16_t number = 0;
    const char* const end = name.data() + name.size();
    const auto parsed = std::from_chars(name.data() + kPrefix.size(), end, number);
    return parsed.ec == std::errc{} && parsed.ptr == end ? std::optional(Bus{number})
                                                         : std::nullopt;
}

std::string adapter_name(const fs::path& adapter) {
    std::string name = read_file(adapter / "name");
    return name.substr(0, name.find('\n'));
}

/// Adapters that are no monitor's, some of which hang the machine when probed.
bool is_forbidden(const std::string& name) {
    constexpr std::array<std::string_view, 8> kPrefixes = {
        "SMBus", "Synopsys DesignWare", "soc:i2cdsi",           "smu", "mac-io",
        "u4",    "AMDGPU SMU",          "AMDGPU DM i2c OEM bus"};
    return std::ranges::any_of(kPrefixes, [&](auto prefix) { return name.starts_with(prefix); });
}

bool is_mst(const std::string& name) {
    return name == "DPMST";
}

class Lister {
  public:
    explicit Lister(const fs::path& sysfs) : sysfs_(sysfs) {}

    std::vector<Display> run() {
        for (const fs::path& path : entries(sysfs_ / "class/drm")) {
            const std::string name = path.filename();
            if (name.starts_with("card") && name.find('-') != std::string::npos &&
                name.find("Writeback") == std::string::npos) {
                connector(path, name);
            }
        }
        for (const fs::path& path : entries(sysfs_ / "bus/i2c/devices")) {
            const auto bus = bus_number(path.filename());
            if (bus && !claimed_.contains(*bus)) {
                adapter(path, *bus);
            }
        }
        return std::move(found_);
    }

  private:
    void connector(const fs::path& path, const std::string& name) {
        Display display;
        display.connector = name.substr(0, Reply::kMaxText);
        for (const std::string_view panel : {"eDP", "LVDS", "DSI"}) {
            display.internal = display.internal || name.find(panel) != std::string::npos;
        }
        for (const fs::path& child : entries(path)) {
            add(display, child);
        }
        std::error_code error;
        const fs::path ddc = fs::canonical(path / "ddc", error);
        if (!error) {
            add(display, ddc);
            for (const fs::path& child : entries(ddc / "i2c-dev")) {
                add(display, child);
            }
        }
        const std::string bytes = read_file(path / "edid");
        display.edid =
            Edid::parse({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
        found_.push_back(std::move(display));
    }

    void add(Display& display, const fs::path& adapter) {
        const auto bus = bus_number(adapter.filename());
        if (!bus || display.buses.size() == Reply::kMaxBuses ||
            std::ranges::find(display.buses, *bus) != display.buses.end()) {
            return;
        }
        const std::string name = adapter_name(sysfs_ / "bus/i2c/devices" / adapter.filename());
        if (!is_forbidden(name)) {
            display.buses.push_back(*bus);
            display.edid_unreadable = display.edid_unreadable || is_mst(name);
            claimed_.insert(*bus);
        }
    }

    void adapter(const fs::path& path, Bus bus) {
        const std::string name = adapter_name(path);
        const bool wanted = name.starts_with("NVIDIA i2c adapter") || is_mst(name);
        if (!wanted || !is_below_gpu(path)) {
            return;
        }
        Display display;
        display.buses = {bus};
        display.edid_unreadable = is_mst(name);
        found_.push_back(std::move(display));
    }

    /// Whether some parent is a PCI device of a display class, 0x03....
    [[nodiscard]] bool is_below_gpu(const fs::path& path) const {
        std::error_code error;
        const fs::path top = fs::canonical(sysfs_, error);
        fs::path folder = fs::canonical(path, error);
        while (!error && folder != top && folder.has_relative_path()) {
            if (read_file(folder / "class").starts_with("0x03")) {
                return true;
            }
            folder = folder.parent_path();
        }
        return false;
    }

    const fs::path& sysfs_;
    std::vector<Display> found_;
    std::set<Bus> claimed_;
};

} // namespace

std::vector<Display> list_displays(const fs::path& sysfs) {
    return Lister(sysfs).run();
}

} // namespace spicykvm::ddc
