// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "ctl/verbs.h"

namespace spicykvm::ctl {

// The commands about monitors, for the table of verbs.
int displays(const Arguments& arguments, Environment& environment);
int ddc_get(const Arguments& arguments, Environment& environment);
int ddc_set(const Arguments& arguments, Environment& environment);
int ddc_capabilities(const Arguments& arguments, Environment& environment);
int ddc_test_return(const Arguments& arguments, Environment& environment);
int ddc_probe(const Arguments& arguments, Environment& environment);

} // namespace spicykvm::ctl
