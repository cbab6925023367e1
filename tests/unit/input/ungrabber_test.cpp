// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine_rig.h"
#include "input/ungrabber.h"

#include <atomic>
#include <barrier>
#include <mutex>

namespace spicykvm::input::test {
namespace {

class UngrabberTest : public ::testing::Test {
  protected:
    void add(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            devices_.push_back(std::make_shared<FakeDevice>(
                FakeDevice::keyboard("/dev/input/event" + std::to_string(i)), FakeClock::now));
            nodes_.push_back(devices_.back()->open());
            pointers_.push_back(nodes_.back().get());
        }
        grab_all();
    }
    void grab_all() {
        for (const auto& node : nodes_) {
            ASSERT_EQ(node->grab(), std::errc{});
        }
    }
    [[nodiscard]] std::size_t grabbed() const {
        std::size_t count = 0;
        for (const auto& device : devices_) {
            count += device->grabbed() ? 1 : 0;
        }
        return count;
    }

    std::vector<std::shared_ptr<FakeDevice>> devices_;
    std::vector<std::unique_ptr<InputNode>> nodes_;
    std::vector<InputNode*> pointers_;
};

TEST_F(UngrabberTest, GivesEveryNodeBackWithAnyNumberOfHelpers) {
    add(10);
    for (const unsigned helpers : {0U, 1U, 3U, 20U}) {
        Ungrabber ungrabber(helpers, 0, FakeClock::now);
        for (int round = 0; round < 50; ++round) {
            grab_all();
            ungrabber.start(pointers_);
            ungrabber.finish();
            ASSERT_EQ(grabbed(), 0U);
        }
    }
}

TEST_F(UngrabberTest, WorksOnAllNodesAtTheSameTime) {
    add(4);
    // Each waits until all four have begun: one after the other, this would never end.
    std::barrier all_begun(4);
    for (const auto& device : devices_) {
        device->on_ungrab = [&all_begun] { all_begun.arrive_and_wait(); };
    }
    Ungrabber ungrabber(3, 0, FakeClock::now);
    ungrabber.start(pointers_);
    ungrabber.finish();
    EXPECT_EQ(grabbed(), 0U);
}

TEST_F(UngrabberTest, AloneItBeginsWithTheFirst) {
    add(3);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < devices_.size(); ++i) {
        devices_[i]->on_ungrab = [&order, i] { order.push_back(i); };
    }
    Ungrabber ungrabber(0, 0, FakeClock::now);
    ungrabber.start(pointers_);
    ungrabber.finish();
    EXPECT_EQ(order, (std::vector<std::size_t>{0, 1, 2}));
}

TEST_F(UngrabberTest, TellsWhenTheLastOneWasBegun) {
    add(2);
    for (const auto& device : devices_) {
        device->on_ungrab = [] { FakeClock::advance(Milliseconds(30)); };
    }
    Ungrabber ungrabber(0, 0, FakeClock::now);
    const TimePoint start = FakeClock::now();
    ungrabber.start(pointers_);
    EXPECT_EQ(ungrabber.finish() - start, Milliseconds(30));
}

TEST_F(UngrabberTest, NothingToDoIsDoneAtOnce) {
    Ungrabber ungrabber(2, 0, FakeClock::now);
    ungrabber.start({});
    EXPECT_EQ(ungrabber.finish(), TimePoint());
    EXPECT_EQ(ungrabber.finish(), TimePoint());
}

TEST_F(UngrabberTest, FinishesBeforeItEnds) {
    add(3);
    {
        Ungrabber ungrabber(1, 0, FakeClock::now);
        ungrabber.start(pointers_);
    }
    EXPECT_EQ(grabbed(), 0U);
}

TEST_F(UngrabberTest, ADeviceThatIsGoneDoesNotMatter) {
    add(2);
    devices_[0]->unplug();
    Ungrabber ungrabber(1, 0, FakeClock::now);
    ungrabber.start(pointers_);
    ungrabber.finish();
    EXPECT_EQ(grabbed(), 0U);
}

} // namespace
} // namespace spicykvm::input::test
