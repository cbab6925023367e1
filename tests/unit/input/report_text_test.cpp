// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/report_text.h"

#include <gtest/gtest.h>

namespace spicykvm::input {
namespace {

using Cause = report::EnterFailed::Cause;
using What = report::NodeTrouble::What;

TEST(ReportText, EachCauseHasItsCode) {
    EXPECT_EQ(to_error({1, Cause::NotConnected, {}}).code, ErrorCode::Disconnected);
    EXPECT_EQ(to_error({1, Cause::NoKeyboard, {}}).code, ErrorCode::NotFound);
    EXPECT_EQ(to_error({1, Cause::Cancelled, {}}).code, ErrorCode::Cancelled);
    EXPECT_EQ(to_error({1, Cause::ConnectionLost, {}}).code, ErrorCode::Disconnected);
    EXPECT_EQ(to_error({1, Cause::GrabRefused, std::errc::permission_denied}).code,
              ErrorCode::AccessDenied);
}

TEST(ReportText, ABusyKeyboardIsExplained) {
    EXPECT_EQ(to_error({1, Cause::GrabRefused, std::errc::device_or_resource_busy}),
              (Error{ErrorCode::Busy, "no keyboard could be grabbed: Device or resource busy "
                                      "(another program, such as a key remapper, has it)"}));
    EXPECT_EQ(to_error({1, Cause::GrabRefused, std::errc::no_such_device}).message,
              "no keyboard could be grabbed: No such device");
}

TEST(ReportText, TroubleNamesTheNodeAndWhatFollows) {
    const core::DeviceSlot slot{0};
    EXPECT_EQ(
        describe({slot, What::GrabFailed, std::errc::device_or_resource_busy}, "/dev/x"),
        "cannot grab /dev/x: Device or resource busy (another program, such as a key remapper, "
        "has it); ignoring it until the next activation");
    EXPECT_EQ(describe({slot, What::HeldKeysKept, {}}, "/dev/x"),
              "grabbed /dev/x while keys were down that could not be released for the host; they "
              "may seem stuck there until pressed again");
    EXPECT_EQ(describe({slot, What::MaskFailed, std::errc::invalid_argument}, "/dev/x"),
              "cannot limit /dev/x to hotkeys: Invalid argument; ignoring that");
}

} // namespace
} // namespace spicykvm::input
