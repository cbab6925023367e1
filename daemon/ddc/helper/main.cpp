// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// spicykvm-ddc: every operation on /dev/i2c-N, apart from the daemon, because such an operation can
// hang in the kernel for ever, and a process that hangs there keeps its descriptors even when
// killed.
#include "ddc/helper/confine.h"
#include "ddc/helper/serve.h"

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace {

using namespace spicykvm;

class RealTime final : public ddc::Waiting {
  public:
    TimePoint now() override { return Clock::now(); }
    void wait(Milliseconds time) override {
        const auto count = time.count();
        timespec rest{count / 1000, (count % 1000) * 1'000'000};
        while (::clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, &rest) == EINTR) {
        }
    }
};

struct Folders {
    std::string dev = "/dev";
    std::string sys = "/sys";
    bool ok = true;
};

Folders parse(int argc, char** argv) {
    Folders folders;
    for (int i = 1; i < argc; i += 2) {
        const std::string_view option = argv[i];
        std::string* const folder = option == "--dev"   ? &folders.dev
                                    : option == "--sys" ? &folders.sys
                                                        : nullptr;
        if (folder == nullptr || i + 1 == argc) {
            folders.ok = false;
            break;
        }
        *folder = argv[i + 1];
    }
    return folders;
}

bool has_socket() {
    int type = 0;
    socklen_t size = sizeof type;
    return ::getsockopt(ddc::kHelperSocket, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
           type == SOCK_SEQPACKET;
}

} // namespace

int main(int argc, char** argv) {
    const Folders folders = parse(argc, argv);
    if (!folders.ok) {
        std::fputs("usage: spicykvm-ddc [--dev FOLDER] [--sys FOLDER]\n", stderr);
        return 2;
    }
    if (!has_socket()) {
        std::fputs("spicykvm-ddc: descriptor 3 is no SOCK_SEQPACKET socket; spicykvmd starts this "
                   "program, nobody else\n",
                   stderr);
        return 2;
    }
    if (const auto confined = ddc::confine(); !confined) {
        std::fprintf(stderr, "%s; ignoring: spicykvm-ddc keeps the system calls of its unit\n",
                     confined.error().message.c_str());
    }
    const auto nodes = ddc::make_i2c_nodes(folders.dev, folders.sys);
    RealTime time;
    ddc::Worker worker(*nodes, time, folders.sys);
    return ddc::serve(ddc::kHelperSocket, worker);
}
