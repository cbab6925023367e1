// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "session/pipewire/runtime_socket.h"
#include "support/run_until.h"
#include "support/temp_folder.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>

namespace spicykvm::session {

namespace {

class RuntimeSocket : public testing::Test {
  protected:
    RuntimeSocket() {
        for (const char* name : {"PIPEWIRE_REMOTE", "PIPEWIRE_RUNTIME_DIR", "XDG_RUNTIME_DIR"}) {
            ::unsetenv(name);
        }
    }
    ~RuntimeSocket() override {
        for (const char* name : {"PIPEWIRE_REMOTE", "PIPEWIRE_RUNTIME_DIR", "XDG_RUNTIME_DIR"}) {
            ::unsetenv(name);
        }
    }
};

TEST_F(RuntimeSocket, IsInPipeWiresFolderOrTheUsers) {
    EXPECT_EQ(runtime_socket(), "");
    ::setenv("XDG_RUNTIME_DIR", "/run/user/1000", 1);
    EXPECT_EQ(runtime_socket(), "/run/user/1000/pipewire-0");
    ::setenv("PIPEWIRE_RUNTIME_DIR", "/run/pipewire", 1);
    EXPECT_EQ(runtime_socket(), "/run/pipewire/pipewire-0");
}

TEST_F(RuntimeSocket, MayBeNamed) {
    ::setenv("XDG_RUNTIME_DIR", "/run/user/1000", 1);
    ::setenv("PIPEWIRE_REMOTE", "pipewire-7", 1);
    EXPECT_EQ(runtime_socket(), "/run/user/1000/pipewire-7");
    ::setenv("PIPEWIRE_REMOTE", "/tmp/elsewhere", 1);
    EXPECT_EQ(runtime_socket(), "/tmp/elsewhere");
    ::unsetenv("XDG_RUNTIME_DIR");
    EXPECT_EQ(runtime_socket(), "/tmp/elsewhere");
}

TEST(SocketWatch, TellsOfTheSocketAndOfNothingElse) {
    const test::TempFolder folder;
    EventLoop loop;
    unsigned appeared = 0;
    SocketWatch watch(loop, folder.path() / "pipewire-0", [&] { ++appeared; });
    std::ofstream(folder.path() / "pulse") << "";
    std::ofstream(folder.path() / "pipewire-0.lock") << "";
    std::ofstream(folder.path() / "pipewire-0") << "";
    ASSERT_TRUE(test::run_until(loop, [&] { return appeared > 0; }));
    EXPECT_EQ(appeared, 1U);
}

TEST(SocketWatch, BeginsWhenTheFolderIsThere) {
    const test::TempFolder folder;
    const auto later = folder.path() / "later";
    EventLoop loop;
    unsigned appeared = 0;
    SocketWatch watch(loop, later / "pipewire-0", [&] { ++appeared; });
    std::filesystem::create_directory(later);
    watch.look();
    std::ofstream(later / "pipewire-0") << "";
    EXPECT_TRUE(test::run_until(loop, [&] { return appeared > 0; }));
}

TEST(SocketWatch, BeginsAgainAfterTheFolderWasRemoved) {
    const test::TempFolder folder;
    const auto socket = folder.path() / "run" / "pipewire-0";
    std::filesystem::create_directory(socket.parent_path());
    EventLoop loop;
    unsigned appeared = 0;
    SocketWatch watch(loop, socket, [&] { ++appeared; });
    std::filesystem::remove(socket.parent_path());
    std::filesystem::create_directory(socket.parent_path());
    // Each attempt to connect looks; the first that is after the removal was read watches.
    EXPECT_TRUE(test::run_until(loop, [&] {
        watch.look();
        std::ofstream(socket) << "";
        std::filesystem::remove(socket);
        return appeared > 0;
    }));
}

TEST(SocketWatch, WithoutAFolderThereIsNothingToWatch) {
    EventLoop loop;
    SocketWatch watch(loop, {}, [] { FAIL(); });
    watch.look();
}

} // namespace

} // namespace spicykvm::session
