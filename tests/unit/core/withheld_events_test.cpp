// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/withheld_events.h"

#include <gtest/gtest.h>

namespace spicykvm::core {

namespace {

TEST(WithheldEvents, KeepsTheOrderAndDropsFromTheFront) {
    WithheldEvents events;
    for (std::uint16_t code = 1; code <= WithheldEvents::kCapacity; ++code) {
        EXPECT_FALSE(events.full());
        events.push(DeviceSlot{2}, Event{{}, EV_KEY, code, 1});
    }
    EXPECT_TRUE(events.full());
    EXPECT_TRUE(events.contains(KeyCode{1}));
    events.drop_first(3);
    EXPECT_FALSE(events.contains(KeyCode{3}));
    EXPECT_EQ(events.begin()->event.code, 4);
    EXPECT_EQ(events.begin()->device, DeviceSlot{2});
    EXPECT_EQ(events.size(), WithheldEvents::kCapacity - 3);
    events.drop_first(events.size());
    EXPECT_EQ(events.begin(), events.end());
    events.push(DeviceSlot{0}, Event{{}, EV_KEY, 9, 1});
    events.clear();
    EXPECT_FALSE(events.contains(KeyCode{9}));
}

} // namespace

} // namespace spicykvm::core
