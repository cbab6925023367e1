// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/helper/serve.h"

#include <array>
#include <cerrno>
#include <sys/socket.h>

namespace spicykvm::ddc {

int serve(int socket, Worker& worker) {
    while (true) {
        // One byte more than a request, so that a longer one is seen to be none.
        std::array<std::uint8_t, Request::kSize + 1> buffer{};
        const ssize_t size = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (size < 0 && errno == EINTR) {
            continue;
        }
        if (size <= 0) {
            return size == 0 ? 0 : 1;
        }
        const auto request =
            Request::decode(ByteSpan(buffer).first(static_cast<std::size_t>(size)));
        const auto answer = (request ? worker.handle(*request) : Reply{}).encode();
        if (::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) {
            return errno == EPIPE ? 0 : 1;
        }
    }
}

} // namespace spicykvm::ddc
