// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// The helper program itself: what it holds, how it ends, and its answers without a bus.
#include "ddc/helper_process.h"
#include "ddc/messages.h"
#include "integration/ddc/ddc_rig.h"

#include <cerrno>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace spicykvm::test {
namespace {

using ddc::HelperProcess;
using ddc::Operation;
using ddc::Reply;
using ddc::Request;
using ddc::Status;
using testing::Contains;
using testing::ElementsAre;
using testing::StartsWith;

constexpr int kLongMs = 20000;

bool wait_readable(int fd) {
    pollfd wanted{fd, POLLIN, 0};
    return ::poll(&wanted, 1, kLongMs) == 1;
}

class HelperProgram : public testing::Test {
  protected:
    HelperProcess start(const char* program = SPICYKVM_DDC) {
        auto process = HelperProcess::start(rig.command(program));
        if (!process) {
            throw std::runtime_error(process.error().message);
        }
        return std::move(*process);
    }
    static std::optional<Reply> ask(const HelperProcess& process, ByteSpan message) {
        EXPECT_EQ(::send(process.socket.get(), message.data(), message.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(message.size()));
        return answer(process);
    }
    static std::optional<Reply> answer(const HelperProcess& process) {
        std::array<std::uint8_t, 512> buffer{};
        if (!wait_readable(process.socket.get())) {
            return std::nullopt;
        }
        const ssize_t size = ::recv(process.socket.get(), buffer.data(), buffer.size(), 0);
        return size <= 0 ? std::nullopt
                         : Reply::decode(ByteSpan(buffer).first(static_cast<std::size_t>(size)));
    }
    static std::string pid_of(const HelperProcess& process) {
        std::ifstream info("/proc/self/fdinfo/" + std::to_string(process.pidfd.get()));
        for (std::string line; std::getline(info, line);) {
            if (line.starts_with("Pid:")) {
                return line.substr(line.find_first_not_of(" \t", 4));
            }
        }
        return "?";
    }
    /// The exit code, once it has ended.
    static int exit_code(const HelperProcess& process) {
        EXPECT_TRUE(wait_readable(process.pidfd.get()));
        siginfo_t info{};
        EXPECT_EQ(::waitid(P_PIDFD, static_cast<id_t>(process.pidfd.get()), &info, WEXITED), 0);
        return info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
    }
    static Request set(unsigned bus) {
        Request request;
        request.serial = 3;
        request.operation = Operation::Set;
        request.bus = ddc::Bus{static_cast<std::uint16_t>(bus)};
        request.value = 0x11;
        return request;
    }

    DdcRig rig;
};

TEST_F(HelperProgram, HoldsNothingButItsSocketAndCanGainNothing) {
    const Fd inherited(::open("/dev/null", O_RDONLY)); // not close-on-exec
    const auto helper = start();
    ASSERT_TRUE(ask(helper, Request{}.encode()));
    const std::string proc = "/proc/" + pid_of(helper);
    std::vector<std::string> descriptors;
    for (const auto& entry : std::filesystem::directory_iterator(proc + "/fd")) {
        descriptors.push_back(entry.path().filename());
    }
    std::ranges::sort(descriptors);
    EXPECT_THAT(descriptors, ElementsAre("0", "1", "2", "3"));
    EXPECT_EQ(std::filesystem::read_symlink(proc + "/fd/0"), "/dev/null");
    EXPECT_EQ(std::filesystem::read_symlink(proc + "/fd/1"), "/dev/null");
    std::ifstream file(proc + "/status");
    std::vector<std::string> status;
    for (std::string line; std::getline(file, line);) {
        status.push_back(line);
    }
    EXPECT_THAT(status, Contains("NoNewPrivs:\t1"));
    EXPECT_THAT(status, Contains("Seccomp:\t2"));
    EXPECT_THAT(status, Contains("SigBlk:\t0000000000000000"));
    EXPECT_EQ(std::filesystem::file_size(proc + "/environ"), 0u);
}

TEST_F(HelperProgram, EndsWithTheDaemon) {
    auto helper = start();
    helper.socket.reset();
    EXPECT_EQ(exit_code(helper), 0);
}

TEST_F(HelperProgram, CanBeKilled) {
    const auto helper = start();
    helper.kill();
    EXPECT_EQ(exit_code(helper), -SIGKILL);
}

TEST_F(HelperProgram, AnswersNonsense) {
    const auto helper = start();
    const auto good = set(5).encode();
    Bytes longer(good.begin(), good.end());
    longer.resize(600);
    for (const Bytes& message : {Bytes{1}, longer, Bytes(Request::kSize)}) {
        const auto reply = ask(helper, message);
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->status, Status::Invalid);
    }
    Request brightness = set(5);
    brightness.vcp = ddc::VcpCode::Luminance;
    EXPECT_EQ(ask(helper, brightness.encode())->status, Status::Invalid);
    EXPECT_EQ(ask(helper, Request{}.encode())->status, Status::NoDisplay);
}

TEST_F(HelperProgram, SaysWhyANodeCannotBeUsed) {
    rig.become(6, ""); // a file is no bus
    std::filesystem::create_symlink(rig.node(6), rig.node(7));
    const auto helper = start();
    auto reply = ask(helper, set(5).encode());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->serial, 3u);
    EXPECT_EQ(reply->status, Status::OpenFailed);
    EXPECT_EQ(reply->error_number, ENOENT);
    reply = ask(helper, set(6).encode());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, Status::TransferFailed);
    EXPECT_EQ(reply->error_number, ENOTTY);
    EXPECT_FALSE(reply->unlocked);
    reply = ask(helper, set(7).encode());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->error_number, ELOOP);
}

TEST_F(HelperProgram, ReachesNoNodeThatCameLater) {
#ifdef SPICYKVM_SANITIZED // LeakSanitizer needs other files: see make_i2c_nodes()
    const bool is_restricted = false;
#else
    const bool is_restricted = has_landlock();
#endif
    const auto helper = start();
    ASSERT_TRUE(ask(helper, Request{}.encode())); // it has begun
    rig.become(6, "");
    const auto reply = ask(helper, set(6).encode());
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, is_restricted ? Status::OpenFailed : Status::TransferFailed);
    EXPECT_EQ(reply->error_number, is_restricted ? ESTALE : ENOTTY);
}

TEST_F(HelperProgram, LocksTheNode) {
    rig.become(6, "");
    const Fd other(::open(rig.node(6).c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_EQ(::flock(other.get(), LOCK_EX), 0);
    const auto helper = start();
    const auto reply = ask(helper, set(6).encode());
    ASSERT_TRUE(reply);
    EXPECT_TRUE(reply->unlocked); // after it had waited
}

TEST_F(HelperProgram, GivesTheLockBackAfterEachRequest) {
    rig.become(6, "");
    const auto helper = start();
    ASSERT_TRUE(ask(helper, set(6).encode()));
    const Fd other(::open(rig.node(6).c_str(), O_RDWR | O_CLOEXEC));
    EXPECT_EQ(::flock(other.get(), LOCK_EX | LOCK_NB), 0);
}

TEST_F(HelperProgram, IsStartedByTheDaemonAlone) {
    const std::string program = SPICYKVM_DDC;
    const auto run = [](const std::string& line) { return WEXITSTATUS(std::system(line.c_str())); };
    EXPECT_EQ(run(program + " 2>/dev/null 3>&-"), 2);
    EXPECT_EQ(run(program + " 2>/dev/null 3</dev/null"), 2);
    EXPECT_EQ(run(program + " --wrong x 2>/dev/null"), 2);
    EXPECT_EQ(run(program + " --dev 2>/dev/null"), 2);
}

TEST(HelperProcessStart, SaysWhatCannotBeStarted) {
    const auto process = HelperProcess::start({"/nonexistent/helper", {}});
    ASSERT_FALSE(process);
    EXPECT_EQ(process.error().message, "start /nonexistent/helper: No such file or directory");
}

} // namespace
} // namespace spicykvm::test
