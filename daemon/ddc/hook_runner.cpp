// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/hook_runner.h"

#include <csignal>
#include <sys/epoll.h>

namespace spicykvm::ddc {

void HookRunner::run(const HookCommand& command, const std::string& target,
                     const std::string& monitor, Done done) {
    Result<Child> child = fail(ErrorCode::Busy, "too many hooks run");
    if (running_.size() < kMaxRunning) {
        child = spawn({.words = command.words,
                       .environment = {"PATH=/usr/local/bin:/usr/bin:/bin",
                                       "SPICYKVM_TARGET=" + target, "SPICYKVM_MONITOR=" + monitor},
                       .third = -1,
                       .own_group = true});
    }
    const Entry entry = running_.insert(
        running_.end(), {command.words.front(), std::move(done), std::move(child), {}, nullptr});
    entry->timer = std::make_unique<Timer>(loop_, [this, entry] { on_time(entry); });
    if (entry->child) {
        entry->source = loop_.add_io(entry->child->pidfd.get(), EPOLLIN,
                                     [this, entry](std::uint32_t) { on_ended(entry); });
        entry->timer->arm_after(command.timeout);
    } else {
        entry->timer->arm_after(Microseconds(0));
    }
}

void HookRunner::stop() {
    for (auto entry = running_.begin(); entry != running_.end();) {
        entry->done = nullptr;
        entry->timer->disarm();
        if (entry->child) {
            kill(*entry);
            ++entry;
        } else {
            entry = running_.erase(entry);
        }
    }
}

void HookRunner::on_ended(Entry entry) {
    const Done done = std::move(entry->done);
    const auto ended = reap(*entry->child).map_error([&](const Error& error) {
        return Error{error.code, entry->path + ": " + error.message};
    });
    running_.erase(entry);
    if (done) {
        done(ended); // last: it may destroy this
    }
}

void HookRunner::on_time(Entry entry) {
    const Done done = std::exchange(entry->done, nullptr);
    if (!entry->child) {
        const Error error = entry->child.error();
        running_.erase(entry);
        done(Failure(error));
        return;
    }
    kill(*entry);
    done(fail(ErrorCode::Timeout, entry->path + ": it did not end in time, and was killed"));
}

void HookRunner::kill(const Running& running) noexcept {
    // It has not been reaped, so that the number is still that of its group.
    (void)::kill(-running.child->pid, SIGKILL);
}

} // namespace spicykvm::ddc
