// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/server_process.h"

#include "support/spice_server.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fmt/format.h>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace spicykvm::bench {

namespace {

TimePoint to_time_point(TimePoint::rep count) {
    return TimePoint(TimePoint::duration(count));
}

TimePoint::rep to_count(TimePoint time) {
    return time.time_since_epoch().count();
}

std::string unique_path() {
    static unsigned number = 0;
    return fmt::format("/tmp/spicykvm-bench-{}-{}.sock", ::getpid(), ++number);
}

/// One line of the child's answers.
std::string perform(test::SpiceServer& server, const std::string& line) {
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    if (verb == "forget") {
        server.forget();
        return "done";
    }
    if (verb == "stall") {
        Milliseconds::rep duration = 0;
        words >> duration;
        const test::SpiceServer::Stall stall(server);
        const TimePoint begin = Clock::now();
        std::this_thread::sleep_until(begin + Milliseconds(duration));
        return fmt::format("{} {}", to_count(begin), to_count(Clock::now()));
    }
    const auto log = server.log();
    std::string text = fmt::format("{} {} {}", log.dx, log.motions.size(), log.inputs_links);
    for (const TimePoint time : log.scancode_times) {
        text += fmt::format(" {}", to_count(time));
    }
    return text;
}

/// False at the end.
bool read_line(int fd, std::string& heard, std::string& line) {
    std::size_t end = 0;
    while ((end = heard.find('\n')) == std::string::npos) {
        std::array<char, 65536> part;
        const ssize_t size = ::read(fd, part.data(), part.size());
        if (size <= 0) {
            return false;
        }
        heard.append(part.data(), static_cast<std::size_t>(size));
    }
    line = heard.substr(0, end);
    heard.erase(0, end + 1);
    return true;
}

void write_line(int fd, std::string line) {
    line += '\n';
    for (std::size_t done = 0; done < line.size();) {
        const ssize_t size = ::write(fd, line.data() + done, line.size() - done);
        if (size < 0) {
            throw std::system_error(errno, std::generic_category(), "write to the other process");
        }
        done += static_cast<std::size_t>(size);
    }
}

} // namespace

ServerProcess::ServerProcess() {
    const std::string path = unique_path();
    uri_ = "spice+unix://" + path;
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        throw std::system_error(errno, std::generic_category(), "socketpair");
    }
    pipe_ = Fd(ends[0]);
    const Fd theirs(ends[1]);
    const std::string number = std::to_string(theirs.get());
    child_ = ::fork();
    if (child_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int inherited = ::dup(theirs.get()); // without close-on-exec
        const std::string fd = std::to_string(inherited);
        ::execl("/proc/self/exe", "spicykvm-bench", "--serve", path.c_str(), "--pipe", fd.c_str(),
                nullptr);
        ::_exit(127);
    }
    forget(); // answered once it is ready
}

ServerProcess::~ServerProcess() {
    pipe_.reset();
    ::waitpid(child_, nullptr, 0);
}

void ServerProcess::ask(const std::string& line) {
    write_line(pipe_.get(), line);
}

std::string ServerProcess::answer() {
    std::string line;
    if (!read_line(pipe_.get(), heard_, line)) {
        throw std::runtime_error("the SPICE server's process ended");
    }
    return line;
}

ServerProcess::Seen ServerProcess::seen() {
    ask("seen");
    std::istringstream words(answer());
    Seen seen;
    words >> seen.dx >> seen.motions >> seen.inputs_links;
    for (TimePoint::rep time = 0; words >> time;) {
        seen.keys.push_back(to_time_point(time));
    }
    return seen;
}

void ServerProcess::forget() {
    ask("forget");
    (void)answer();
}

void ServerProcess::begin_stall(Milliseconds duration) {
    ask("stall " + std::to_string(duration.count()));
}

ServerProcess::Span ServerProcess::end_stall() {
    std::istringstream words(answer());
    TimePoint::rep begin = 0;
    TimePoint::rep end = 0;
    words >> begin >> end;
    return {to_time_point(begin), to_time_point(end)};
}

int serve(const std::string& path, int pipe) {
    test::SpiceServerSettings settings;
    settings.unix_path = path;
    settings.guest_switches_leds = false;
    test::SpiceServer server(settings);
    std::string heard;
    for (std::string line; read_line(pipe, heard, line);) {
        write_line(pipe, perform(server, line));
    }
    return 0;
}

GuestConnection::GuestConnection(const std::string& uri) {
    spice::SessionSettings settings;
    settings.name = "benchmark";
    settings.uri = uri;
    spice::SessionObserver& observer = *this;
    loop_.run([&] {
        session_ = std::make_unique<spice::Session>(loop_.loop(), observer, settings);
        session_->connect();
    });
    if (const auto problem = connected_.get_future().get(); !problem.empty()) {
        throw std::runtime_error(problem);
    }
}

GuestConnection::~GuestConnection() {
    loop_.run([this] { session_.reset(); });
}

} // namespace spicykvm::bench
