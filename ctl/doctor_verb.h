// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/verbs.h"

namespace spicykvm::ctl {

/// Looks at the machine and asks the daemon; changes nothing, and needs no rights.
int doctor(const Arguments& arguments, Environment& environment);

} // namespace spicykvm::ctl
