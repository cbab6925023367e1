// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "input/report_text.h"

namespace spicykvm::input {

namespace {

/// The kernel does not tell who.
std::string who_has_it(std::errc error) {
    return error == std::errc::device_or_resource_busy
               ? " (another program, such as a key remapper, has it)"
               : "";
}

} // namespace

std::string message_of(std::errc error) {
    return std::generic_category().message(static_cast<int>(error));
}

Error to_error(const report::EnterFailed& failed) {
    using Cause = report::EnterFailed::Cause;
    switch (failed.cause) {
    case Cause::NotConnected:
        return {ErrorCode::Disconnected, "the target is not connected"};
    case Cause::NoKeyboard:
        return {ErrorCode::NotFound, "there is no keyboard to grab (see spicykvmctl devices)"};
    case Cause::GrabRefused:
        return {code_from_errno(static_cast<int>(failed.error)),
                "no keyboard could be grabbed: " + message_of(failed.error) +
                    who_has_it(failed.error)};
    case Cause::Cancelled:
        return {ErrorCode::Cancelled, "given up for a later request"};
    case Cause::ConnectionLost:
        return {ErrorCode::Disconnected, "the connection to the guest ended"};
    }
    return {ErrorCode::Failed, "keyboard and mouse could not be grabbed"};
}

std::string describe(const report::NodeTrouble& trouble, std::string_view path) {
    using What = report::NodeTrouble::What;
    const std::string node(path);
    switch (trouble.what) {
    case What::GrabFailed:
        return "cannot grab " + node + ": " + message_of(trouble.error) +
               who_has_it(trouble.error) + "; ignoring it until the next activation";
    case What::HeldKeysKept:
        return "grabbed " + node +
               " while keys were down that could not be released for the host; they may seem"
               " stuck there until pressed again";
    case What::MaskFailed:
        return "cannot limit " + node + " to hotkeys: " + message_of(trouble.error) +
               "; ignoring that";
    }
    return node;
}

} // namespace spicykvm::input
