// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/result.h"
#include "ddc/away_list.h"

#include <string>

namespace spicykvm::ddc {

/// The AwayList in the runtime directory, which lasts until the next boot.
class AwayFile {
  public:
    /// `path`: such as "/run/spicykvm/monitors". Its folder must exist.
    explicit AwayFile(std::string path) : path_(std::move(path)) {}

    /// Replaces the file as a whole; removes it if the list is empty.
    [[nodiscard]] Result<void> save(const AwayList& list) const;
    /// Empty if there is no file. Protocol: there is one, and it can't be understood.
    [[nodiscard]] Result<AwayList> load() const;

  private:
    std::string path_;
};

} // namespace spicykvm::ddc
