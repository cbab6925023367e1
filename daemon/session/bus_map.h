// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/sdbus_compat.h"
#include "session/channel_offer.h"
#include "session/channel_report.h"

#include <map>
#include <string>
#include <vector>

namespace spicykvm::session {

using Dictionary = std::map<std::string, sdbus::Variant>;
using OfferList = std::vector<sdbus::Struct<std::string, std::string, Dictionary>>;

/// The property Channels. Kinds and keys that are not known are passed over; a "when" that is not
/// is taken for "active", which is heard least.
[[nodiscard]] std::vector<ChannelOffer> to_offers(const OfferList& list);
/// The argument of Report.
[[nodiscard]] Dictionary to_dictionary(const ChannelReport& report);

} // namespace spicykvm::session
