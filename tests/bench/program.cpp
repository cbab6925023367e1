// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/program.h"

#include "bench/threads.h"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace spicykvm::bench {

namespace {

std::string configuration(const std::string& uri) {
    return "[hotkeys]\ntoggle = \"tap(rightctrl)\"\n[input]\nvirtual_devices = true\n"
           "devices = [{ name = \"spicykvm benchmark\" }]\n[[target]]\nname = \"vm\"\nuri = \"" +
           uri + "\"\nconnect = \"always\"\n";
}

} // namespace

Program::Program(std::vector<std::string> arguments) {
    std::vector<char*> argv;
    for (auto& argument : arguments) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)!std::freopen("/dev/null", "w", stderr);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
}

Program::~Program() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
}

std::map<std::string, double> Program::memory() const {
    std::ifstream status(fmt::format("/proc/{}/status", pid_));
    std::map<std::string, double> values;
    for (std::string line; std::getline(status, line);) {
        const auto colon = line.find(':');
        if (line.ends_with(" kB")) {
            values[line.substr(0, colon)] = std::stod(line.substr(colon + 1)) / 1024;
        }
    }
    if (values.empty()) {
        throw std::runtime_error("the program ended");
    }
    return values;
}

std::uint64_t Program::sleeps() const {
    std::uint64_t sum = 0;
    for (const auto& task :
         std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid_))) {
        sum += sleeps_in(task.path() / "status");
    }
    return sum;
}

Daemon::Daemon(const std::string& path, Start start) {
    const auto config = folder_.write("config.toml", configuration(server_.uri()));
    std::vector<std::string> command{path, "--bus", "session", "--config", config.string()};
    if (start == Start::Active) {
        command.emplace_back("--activate");
    }
    program_ = std::make_unique<Program>(std::move(command));
    for (int i = 0; i < 500 && server_.seen().inputs_links == 0; ++i) {
        std::this_thread::sleep_for(Milliseconds(20));
    }
    if (server_.seen().inputs_links == 0) {
        throw std::runtime_error("the daemon does not connect");
    }
}

} // namespace spicykvm::bench
