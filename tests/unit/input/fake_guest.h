// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/fd.h"
#include "core/guest_input.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <vector>

namespace spicykvm::input::test {

/// A VM behind a real socket pair: what has been flushed to it is written down in words, such as
/// "+30 -30 move(1,2) +left". Keeps count of what is down.
class FakeGuest {
  public:
    FakeGuest() {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) !=
            0) {
            throw std::runtime_error("socketpair");
        }
        ours_ = Fd(ends[0]);
        server_ = Fd(ends[1]);
        state_->log.reserve(1 << 16);
    }

    std::unique_ptr<core::GuestInput> connect() {
        return std::make_unique<Channel>(state_, std::move(ours_));
    }

    // What the server does.
    void acknowledge() { tell('a'); }
    void show(core::LedState leds) { tell(static_cast<char>('0' + (leds.caps ? 1 : 0))); }
    void close() { server_.reset(); }

    // Faults of the connection.
    void lose_at_flush() { state_->flush_result = core::GuestInput::Io::Lost; }
    void block(bool blocked) { state_->blocked = blocked; }

    /// What came since the last time; without the motion of zero that begins each stay.
    std::string take() {
        const std::lock_guard lock(state_->mutex);
        return std::exchange(state_->log, {});
    }
    [[nodiscard]] bool anything_down() const {
        const std::lock_guard lock(state_->mutex);
        return state_->keys.any() || state_->held != core::ButtonMask{};
    }
    [[nodiscard]] unsigned zero_motions() const { return state_->zero_motions; }
    [[nodiscard]] unsigned messages() const { return state_->messages; }
    [[nodiscard]] unsigned receives() const { return state_->receives; }
    [[nodiscard]] bool connected() const { return state_->alive; }

  private:
    struct State {
        mutable std::mutex mutex;
        std::string log;
        std::string queued;
        core::KeySet keys;
        core::ButtonMask held;
        std::atomic<core::GuestInput::Io> flush_result{core::GuestInput::Io::Ok};
        std::atomic<bool> blocked{false};
        std::atomic<unsigned> zero_motions{0};
        std::atomic<unsigned> messages{0};
        std::atomic<unsigned> receives{0};
        std::atomic<bool> alive{true};
    };

    class Channel final : public core::GuestInput {
      public:
        Channel(std::shared_ptr<State> state, Fd fd)
            : state_(std::move(state)), fd_(std::move(fd)) {}
        Channel(const Channel&) = delete;
        Channel& operator=(const Channel&) = delete;
        ~Channel() override { state_->alive = false; }

        [[nodiscard]] int fd() const noexcept override { return fd_.get(); }
        void key(core::KeyCode code, core::KeyAction action) noexcept override {
            const std::lock_guard lock(state_->mutex);
            state_->keys.set(core::raw(code), action != core::KeyAction::Up);
            const char sign = action == core::KeyAction::Up     ? '-'
                              : action == core::KeyAction::Down ? '+'
                                                                : '*';
            say(sign + std::to_string(core::raw(code)));
        }
        void motion(std::int32_t dx, std::int32_t dy, core::ButtonMask held) noexcept override {
            const std::lock_guard lock(state_->mutex);
            state_->held = held;
            if (dx == 0 && dy == 0) {
                ++state_->zero_motions;
                return;
            }
            say("move(" + std::to_string(dx) + ',' + std::to_string(dy) + ')');
        }
        void button(core::Button button, bool down, core::ButtonMask held) noexcept override {
            const std::lock_guard lock(state_->mutex);
            state_->held = held;
            say((down ? "+button" : "-button") + std::to_string(static_cast<int>(button)));
        }
        Io flush() noexcept override {
            const std::lock_guard lock(state_->mutex);
            if (state_->flush_result != Io::Ok) {
                return state_->flush_result;
            }
            if (state_->blocked) {
                return state_->queued.empty() ? Io::Ok : Io::Later;
            }
            state_->log += std::exchange(state_->queued, {});
            return Io::Ok;
        }
        [[nodiscard]] bool pending() const noexcept override {
            const std::lock_guard lock(state_->mutex);
            return !state_->queued.empty();
        }
        Io receive(core::GuestInputObserver& observer) noexcept override {
            ++state_->receives;
            for (;;) {
                char message = 0;
                const ssize_t count = ::recv(fd_.get(), &message, 1, MSG_DONTWAIT);
                if (count == 0) {
                    return Io::Lost;
                }
                if (count < 0) {
                    return errno == EAGAIN ? Io::Ok : Io::Lost;
                }
                if (message == 'a') {
                    observer.on_motion_ack(4);
                } else {
                    observer.on_leds({.num = false, .caps = message == '1', .scroll = false});
                }
            }
        }

      private:
        void say(const std::string& word) {
            ++state_->messages;
            state_->queued += (state_->log.empty() && state_->queued.empty() ? "" : " ") + word;
        }

        std::shared_ptr<State> state_;
        Fd fd_;
    };

    void tell(char message) {
        if (::send(server_.get(), &message, 1, MSG_NOSIGNAL) != 1) {
            throw std::runtime_error("send");
        }
    }

    std::shared_ptr<State> state_ = std::make_shared<State>();
    Fd ours_;
    Fd server_;
};

} // namespace spicykvm::input::test
