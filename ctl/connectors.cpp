// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/connectors.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace spicykvm::ctl {

std::vector<std::string> connected_displays(const std::string& drm_folder) {
    std::vector<std::string> names;
    std::error_code ignored; // no such folder: no graphics driver
    for (std::filesystem::directory_iterator entry(drm_folder, ignored), end;
         !ignored && entry != end; entry.increment(ignored)) {
        std::string status; // a card itself has no such file
        std::ifstream(entry->path() / "status") >> status;
        if (status == "connected") {
            names.push_back(entry->path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace spicykvm::ctl
