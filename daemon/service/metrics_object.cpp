// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "service/metrics_object.h"

#include "service/status_map.h"
#include "spicykvm-dbus/names.h"

namespace spicykvm::service {

MetricsObject::MetricsObject(sdbus::IConnection& connection, const core::ControlPort& port)
    : AdaptorInterfaces(connection, sdbus::ObjectPath(dbus::kMetricsPath)), port_(port) {
    registerAdaptor();
}

MetricsObject::~MetricsObject() {
    unregisterAdaptor();
}

std::map<std::string, std::uint64_t> MetricsObject::Counters() {
    return describe(port_.metrics());
}

} // namespace spicykvm::service
