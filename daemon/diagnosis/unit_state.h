// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace spicykvm::diagnosis {

/// The daemon begins its STATUS= with this, followed by the reason, when it gives up at the start;
/// systemd keeps it until the next start.
inline constexpr const char* kFailedStatus = "failed: ";

/// The unit of spicykvmd, as systemd tells of it (org.freedesktop.systemd1(5)). Texts are empty if
/// it does not.
struct UnitState {
    std::string load{};         ///< LoadState
    std::string active{};       ///< ActiveState
    std::string sub{};          ///< SubState
    std::string result{};       ///< Result
    std::string status_text{};  ///< StatusText
    int exit_code = 0;          ///< ExecMainCode: CLD_EXITED and the like; 0: never ended
    int exit_status = 0;        ///< ExecMainStatus: an exit status or a signal
    bool conditions_met = true; ///< ConditionResult

    bool operator==(const UnitState&) const = default;
};

/// Why spicykvmd does not answer on the system bus, and what to do; one line. systemd ends a
/// service that it can't set up with exit statuses from 200 on (systemd.exec(5)).
[[nodiscard]] std::string explain(const UnitState& state);

} // namespace spicykvm::diagnosis
