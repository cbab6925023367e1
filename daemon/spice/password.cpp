// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/password.h"

#include "spice/wipe.h"

#include <algorithm>
#include <spice/protocol.h>
#include <utility>

namespace spicykvm::spice {

namespace {

Result<void> check(std::string_view text) {
    if (text.size() > SPICE_MAX_PASSWORD_LENGTH) {
        return fail(ErrorCode::InvalidArgument,
                    "read the SPICE password: it has " + std::to_string(text.size()) +
                        " bytes; SPICE allows 60, and servers keep 59 of them");
    }
    if (text.find('\0') != std::string_view::npos) {
        return fail(ErrorCode::InvalidArgument,
                    "read the SPICE password: it has a NUL byte, which would end it");
    }
    return {};
}

} // namespace

Result<Password> Password::from(std::string&& text) {
    Result<Password> result;
    if (auto checked = check(text); checked) {
        const std::size_t size = std::min(text.size(), kMaxSize);
        std::copy_n(text.begin(), size, result->bytes_.begin());
        result->size_ = static_cast<std::uint8_t>(size);
        result->shortened_ = size < text.size();
    } else {
        result = Failure(std::move(checked.error()));
    }
    wipe(text);
    return result;
}

Password::Password(Password&& other) noexcept {
    *this = std::move(other);
}

Password& Password::operator=(Password&& other) noexcept {
    if (this != &other) {
        bytes_ = other.bytes_;
        size_ = std::exchange(other.size_, std::uint8_t{0});
        shortened_ = std::exchange(other.shortened_, false);
        wipe(other.bytes_);
    }
    return *this;
}

Password::~Password() {
    wipe(bytes_);
}

} // namespace spicykvm::spice
