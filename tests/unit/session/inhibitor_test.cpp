// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/inhibitor.h"

#include <gtest/gtest.h>

namespace spicykvm::session {
namespace {

class FakeInhibitor final : public Inhibitor {
  public:
    FakeInhibitor() : Inhibitor("a fake") {}
    using Inhibitor::granted;
    using Inhibitor::refused;

    int asked = 0;
    int held = 0;
    bool refuses_at_once = false;

    void grant() {
        ++held;
        granted();
    }

  private:
    void ask() override {
        ++asked;
        if (refuses_at_once) {
            refused("no");
        }
    }
    void let_go() override { --held; }
};

TEST(Inhibitor, IsAskedForAndLetGo) {
    FakeInhibitor inhibitor;
    inhibitor.want(false);
    EXPECT_EQ(inhibitor.asked, 0);
    inhibitor.want(true);
    inhibitor.want(true);
    EXPECT_EQ(inhibitor.asked, 1);
    inhibitor.grant();
    EXPECT_EQ(inhibitor.held, 1);
    inhibitor.want(true);
    EXPECT_EQ(inhibitor.asked, 1);
    inhibitor.want(false);
    EXPECT_EQ(inhibitor.held, 0);
    inhibitor.want(true);
    EXPECT_EQ(inhibitor.asked, 2);
}

TEST(Inhibitor, ThatComesTooLateIsLetGo) {
    FakeInhibitor inhibitor;
    inhibitor.want(true);
    inhibitor.want(false);
    inhibitor.grant();
    EXPECT_EQ(inhibitor.held, 0);
    inhibitor.want(true);
    EXPECT_EQ(inhibitor.asked, 2);
}

TEST(Inhibitor, WantedAgainBeforeTheAnswerIsOneQuestion) {
    FakeInhibitor inhibitor;
    inhibitor.want(true);
    inhibitor.want(false);
    inhibitor.want(true);
    EXPECT_EQ(inhibitor.asked, 1);
    inhibitor.grant();
    EXPECT_EQ(inhibitor.held, 1);
}

TEST(Inhibitor, ThatIsRefusedIsAskedForTheNextTime) {
    FakeInhibitor inhibitor;
    inhibitor.want(true);
    inhibitor.refused("no");
    EXPECT_EQ(inhibitor.asked, 1) << "not again and again";
    inhibitor.want(false);
    EXPECT_EQ(inhibitor.held, 0);
    inhibitor.refuses_at_once = true;
    inhibitor.want(true);
    EXPECT_EQ(inhibitor.asked, 2);
    inhibitor.want(false);
    EXPECT_EQ(inhibitor.held, 0);
}

} // namespace
} // namespace spicykvm::session
