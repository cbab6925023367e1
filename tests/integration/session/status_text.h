// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "spicykvm-dbus/names.h"
#include "support/bus_client.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace spicykvm::test {

/// The reply of the daemon's Status as text, to be searched.
inline std::string status_text() {
    BusClient asker;
    const auto reply = asker.ask({dbus::kManagerPath, "org.spicykvm.Manager", "Status"});
    char* text = nullptr;
    std::size_t size = 0;
    std::FILE* const file = ::open_memstream(&text, &size);
    sd_bus_message_dump(reply.get(), file, 0);
    (void)std::fclose(file);
    std::string all(text, size);
    std::free(text);
    return all;
}

} // namespace spicykvm::test
