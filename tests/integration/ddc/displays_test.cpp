// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The monitors as people see them, by a real helper.
#include "ddc/displays.h"
#include "integration/ddc/ddc_rig.h"

#include <gmock/gmock.h>

namespace spicykvm::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class DisplaysTest : public testing::Test {
  protected:
    template <typename Value>
    struct Answer {
        std::optional<Result<Value>> value;
        unsigned count = 0;

        auto done() {
            return [this](Result<Value> given) {
                value = std::move(given);
                ++count;
            };
        }
    };
    template <typename Value>
    Result<Value> wait(Answer<Value>& answer) {
        EXPECT_TRUE(run_until(
            loop, [&] { return answer.count > 0; }, 30s));
        EXPECT_EQ(answer.count, 1U);
        return answer.value.value_or(fail(ErrorCode::Failed, "no answer"));
    }
    Result<core::DisplayFeature> get(const std::string& display) {
        Answer<core::DisplayFeature> answer;
        displays.get(display, 0x60, answer.done());
        return wait(answer);
    }
    void wait_for_request() {
        EXPECT_TRUE(run_until(
            loop, [&] { return !rig.received().empty(); }, 30s));
    }

    DdcRig rig;
    EventLoop loop;
    ddc::HelperClient client{loop, rig.command(SCRIPTED_DDC)};
    ddc::Displays displays{loop, client};
};

TEST_F(DisplaysTest, ListsGetsSetsAndReads) {
    rig.add_monitor(5);
    rig.add_monitor(6, "deaf");
    Answer<std::vector<core::DisplayStatus>> list;
    displays.list(list.done());
    const auto found = wait(list);
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_THAT(*found, SizeIs(2));
    EXPECT_EQ((*found)[0], (core::DisplayStatus{"card1-DP-5", "DEL 0x41b5 \"DELL U2720Q\"", 5, true,
                                                0x0f, "displayport-1", ""}));
    EXPECT_FALSE((*found)[1].answers);

    EXPECT_EQ(get("DP-5")->current, 0x0f);
    Answer<std::string> set;
    displays.set("card1-DP-5", 0x60, 0x11, set.done());
    EXPECT_EQ(wait(set), "");
    EXPECT_EQ(rig.received().back(), "5: 51 84 03 60 00 11 c9");
    Answer<core::DisplayCapabilities> capabilities;
    displays.capabilities("i2c-5", capabilities.done());
    EXPECT_THAT(wait(capabilities)->inputs,
                ElementsAre(std::pair(0x0f, "displayport-1"), std::pair(0x11, "hdmi-1")));
}

TEST_F(DisplaysTest, DoesOneAfterTheOther) {
    rig.add_monitor(5);
    Answer<std::string> set;
    Answer<core::DisplayFeature> get;
    displays.set("DP-5", 0x60, 0x11, set.done());
    displays.get("DP-5", 0x60, get.done());
    EXPECT_TRUE(wait(get));
    EXPECT_EQ(set.count, 1U);
    EXPECT_THAT(rig.received(),
                ElementsAre("5: 51 84 03 60 00 11 c9", testing::StartsWith("5: 51 82 01 60")));
}

TEST_F(DisplaysTest, OneListIsForAllWhoAskMeanwhile) {
    rig.add_monitor(5);
    Answer<std::vector<core::DisplayStatus>> first;
    Answer<std::vector<core::DisplayStatus>> second;
    displays.list(first.done());
    displays.list(second.done());
    EXPECT_EQ(wait(first)->size(), 1U);
    EXPECT_EQ(wait(second)->size(), 1U);
    EXPECT_THAT(rig.received(), SizeIs(1));
    Answer<std::vector<core::DisplayStatus>> later;
    displays.list(later.done());
    EXPECT_TRUE(wait(later));
    EXPECT_THAT(rig.received(), SizeIs(2));
}

TEST_F(DisplaysTest, NothingIsDoneDuringASwitch) {
    rig.add_monitor(5);
    displays.set_switching(true);
    EXPECT_EQ(get("DP-5").error().code, ErrorCode::Busy);
    Answer<std::vector<core::DisplayStatus>> list;
    displays.list(list.done());
    EXPECT_THAT(wait(list).error().message, HasSubstr("a switch is under way"));
    EXPECT_THAT(rig.received(), IsEmpty());
    displays.set_switching(false);
    EXPECT_TRUE(get("DP-5"));
    Answer<std::vector<core::DisplayStatus>> again;
    displays.list(again.done());
    EXPECT_TRUE(wait(again));
}

TEST_F(DisplaysTest, ASwitchEndsWhatIsUnderWay) {
    rig.add_monitor(5, "deaf");
    Answer<std::vector<core::DisplayStatus>> list;
    Answer<std::string> set;
    displays.list(list.done());
    displays.set("DP-5", 0x60, 0x11, set.done());
    loop.defer([&] { displays.set_switching(true); });
    EXPECT_EQ(wait(list).error().code, ErrorCode::Cancelled);
    EXPECT_EQ(wait(set).error().code, ErrorCode::Cancelled);
    displays.set_switching(false);
    rig.become(5, "");
    EXPECT_TRUE(get("DP-5"));
    EXPECT_EQ(list.count + set.count, 2U);
    EXPECT_THAT(rig.received(), SizeIs(1));
}

TEST_F(DisplaysTest, AReplyThatComesAfterASwitchBeganIsForgotten) {
    rig.add_monitor(5);
    Answer<std::string> first;
    displays.set("DP-5", 0x60, 0x11, first.done());
    wait_for_request();
    displays.set_switching(true); // its reply may be on the way
    displays.set_switching(false);
    Answer<std::string> second;
    displays.set("DP-5", 0x60, 0x0f, second.done());
    EXPECT_EQ(wait(second), "");
    EXPECT_EQ(first.count, 1U);
    EXPECT_THAT(rig.received(), SizeIs(2));
}

TEST_F(DisplaysTest, ABusThatHangsIsReportedAndTheNextOneAsked) {
    rig.add_monitor(5, "hang");
    rig.add_monitor(6);
    client.set_deadline(500ms);
    Answer<std::vector<core::DisplayStatus>> list;
    displays.list(list.done());
    const auto found = wait(list);
    ASSERT_TRUE(found);
    EXPECT_EQ((*found)[0].note, "i2c-5: the kernel did not answer in time");
    EXPECT_TRUE((*found)[1].answers);
}

TEST_F(DisplaysTest, AHelperThatCanNotBeStartedIsTheReason) {
    ddc::HelperClient none(loop, {"/nonexistent/helper", {}});
    ddc::Displays blind(loop, none);
    Answer<std::vector<core::DisplayStatus>> list;
    blind.list(list.done());
    EXPECT_THAT(wait(list).error().message, HasSubstr("/nonexistent/helper"));
}

TEST_F(DisplaysTest, AnOperationHasItsLimit) {
    rig.add_monitor(5);
    displays.set_limit(0ms);
    EXPECT_EQ(get("DP-5").error().code, ErrorCode::Timeout);
    displays.set_limit(ddc::Displays::kLimit);
    EXPECT_TRUE(get("DP-5"));
}

TEST_F(DisplaysTest, TooManyAreRefused) {
    std::vector<Answer<core::DisplayFeature>> answers(ddc::Displays::kMaxOperations + 1);
    for (auto& answer : answers) {
        displays.get("DP-5", 0x60, answer.done());
    }
    EXPECT_EQ(answers.back().value->error().code, ErrorCode::Busy);
    for (auto& answer : answers) {
        EXPECT_FALSE(wait(answer));
    }
    EXPECT_EQ(answers.front().value->error().code, ErrorCode::NotFound);
}

TEST_F(DisplaysTest, MayGoWhileARequestIsUnderWay) {
    rig.add_monitor(5);
    bool called = false;
    {
        ddc::Displays gone(loop, client);
        gone.set("DP-5", 0x60, 0x11, [&](const Result<std::string>&) { called = true; });
        wait_for_request();
    }
    EXPECT_TRUE(get("DP-5"));
    EXPECT_FALSE(called);
}

TEST_F(DisplaysTest, ChecksWhatIsToBeWritten) {
    EXPECT_EQ(displays.check(0x60, "hdmi-1"), 0x11);
    EXPECT_EQ(displays.check(0x60, "0x1B1B"), 0x1b1b);
    EXPECT_EQ(displays.check(0xf4, "0xd0"), 0xd0);
    EXPECT_EQ(displays.check(0xd6, "0x01"), 1);
    for (const auto& [feature, text] :
         {std::pair(0x60, "17"), std::pair(0x60, ""), std::pair(0x60, "0x10000"),
          std::pair(0xf4, "hdmi-1"), std::pair(0xe7, "1")}) {
        EXPECT_EQ(displays.check(static_cast<std::uint8_t>(feature), text).error().code,
                  ErrorCode::InvalidArgument)
            << text;
    }
    for (const auto& [feature, text] :
         {std::pair(0x10, "0x32"), std::pair(0xd6, "0x05"), std::pair(0x04, "0x01")}) {
        EXPECT_EQ(displays.check(static_cast<std::uint8_t>(feature), text).error().code,
                  ErrorCode::NotSupported)
            << text;
    }
}

} // namespace
} // namespace spicykvm::test
