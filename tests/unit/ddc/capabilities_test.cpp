// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/capabilities.h"

#include <gmock/gmock.h>

namespace spicykvm::ddc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Feature = CapableFeature;

Capabilities parse(std::string_view text) {
    return Capabilities::parse({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

TEST(Capabilities, AreRead) {
    const auto caps = parse("(prot(monitor)type(LCD)model(U2720Q)cmds(01 02 03 07 0C E3 F3)"
                            "vcp(02 04 10 60(1B 0F 11) D6(01 04 05))mswhql(1)mccs_ver(2.1))");
    EXPECT_EQ(caps.protocol, "monitor");
    EXPECT_EQ(caps.type, "LCD");
    EXPECT_EQ(caps.model, "U2720Q");
    EXPECT_EQ(caps.mccs_version, "2.1");
    EXPECT_THAT(caps.features,
                ElementsAre(Feature{0x02, {}}, Feature{0x04, {}}, Feature{0x10, {}},
                            Feature{0x60, {0x1b, 0x0f, 0x11}}, Feature{0xd6, {1, 4, 5}}));
    EXPECT_THAT(caps.warnings, IsEmpty());
}

TEST(Capabilities, NeedNoBlanks) {
    EXPECT_THAT(parse("(vcp(020410 60(010F1112)AABB))").features,
                ElementsAre(Feature{0x02, {}}, Feature{0x04, {}}, Feature{0x10, {}},
                            Feature{0x60, {1, 0x0f, 0x11, 0x12}}, Feature{0xaa, {}},
                            Feature{0xbb, {}}));
}

TEST(Capabilities, MayHaveBlanksAndDoubles) {
    EXPECT_THAT(parse(" (vcp( 60( 11 0F 10) )) \n").features,
                ElementsAre(Feature{0x60, {0x11, 0x0f, 0x10}}));
    EXPECT_THAT(parse("(vcp(60(11 12 0F FF 11 12 0F 31)))").features,
                ElementsAre(Feature{0x60, {0x11, 0x12, 0x0f, 0xff, 0x31}}));
    EXPECT_THAT(parse("(prot(monitor) vcp(10))").features, ElementsAre(Feature{0x10, {}}));
}

TEST(Capabilities, MayNestParentheses) {
    const auto caps = parse("(vcp(14(05 08) 60(0F(01) 11) FD(00(01 02)))model(x))");
    EXPECT_THAT(caps.features, ElementsAre(Feature{0x14, {5, 8}}, Feature{0x60, {0x0f, 1, 0x11}},
                                           Feature{0xfd, {0, 1, 2}}));
    EXPECT_EQ(caps.model, "x");
}

TEST(Capabilities, WithoutTheirEndGiveWhatIsThere) {
    const auto caps = parse("(model(x)vcp(10 60(0F 11");
    EXPECT_EQ(caps.model, "x");
    EXPECT_THAT(caps.features, ElementsAre(Feature{0x10, {}}, Feature{0x60, {0x0f, 0x11}}));
    EXPECT_FALSE(caps.warnings.empty());
    EXPECT_THAT(parse("(vcp(10)").warnings, ElementsAre("no closing parenthesis at the end"));
}

TEST(Capabilities, TextWithoutANameIsSteppedOver) {
    const auto caps = parse("(UM69cmds(01 02)UM69vcp(60(0F)))tail");
    EXPECT_THAT(caps.features, ElementsAre(Feature{0x60, {0x0f}}));
    EXPECT_THAT(caps.warnings, ElementsAre("text without a name: UM69", "text behind the end"));
    EXPECT_THAT(parse("vcp(10)").warnings,
                ElementsAre("no opening parenthesis", "no closing parenthesis at the end"));
}

TEST(Capabilities, MayEndWithNuls) {
    EXPECT_THAT(parse(std::string_view("(vcp(10))\0\0\0", 12)).warnings, IsEmpty());
}

TEST(Capabilities, OfGarbageAreEmpty) {
    EXPECT_THAT(parse("").features, IsEmpty());
    EXPECT_THAT(parse(")))((").features, IsEmpty());
    EXPECT_THAT(parse("(vcp((60)))").warnings, ElementsAre("vcp(): values of no feature"));
    EXPECT_THAT(parse("(vcp(zz 10))").features, ElementsAre(Feature{0x10, {}}));
    EXPECT_EQ(parse("(model(\x01\xff))").model, "??");
}

TEST(Capabilities, AreLimited) {
    const auto caps = parse("(vcp(" + std::string(20000, 'z'));
    EXPECT_THAT(caps.warnings, SizeIs(testing::Le(17u)));
    EXPECT_THAT(caps.warnings.back(), HasSubstr("cut off"));
    EXPECT_EQ(parse("(model(" + std::string(500, 'm') + "))").model.size(), 64u);
    const std::string exact = "(vcp(10))" + std::string(Capabilities::kMaxText - 9, ' ');
    EXPECT_THAT(parse(exact).warnings, IsEmpty());
    EXPECT_THAT(parse(exact + " ").warnings, SizeIs(1));
}

} // namespace
} // namespace spicykvm::ddc
