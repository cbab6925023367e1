// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <systemd/sd-bus.h>
#include <thread>
#include <vector>

namespace spicykvm::test {

/// polkit's authority on the private bus, with an answer that the test chooses.
class FakePolkit {
  public:
    enum class Answer {
        Yes,
        No,
        Password, ///< as without an agent: not authorised, but a challenge
        Later,    ///< a prompt is open, until answer() or for ever
        Error,
    };
    struct Question {
        std::string subject_kind;
        std::string subject_name;
        std::string action;
        std::map<std::string, std::string> details;
        bool interactive = false;
        std::string cancellation;
    };

    explicit FakePolkit(Answer answer);
    FakePolkit(const FakePolkit&) = delete;
    FakePolkit& operator=(const FakePolkit&) = delete;
    ~FakePolkit();

    void set_answer(Answer answer);
    /// Waits for the question with this number, from 0.
    [[nodiscard]] Question question(std::size_t number);
    [[nodiscard]] std::size_t question_count();
    /// Answers the question with this number, which was answered Later.
    void answer(std::size_t number, bool yes);
    /// Tells that rights have changed, as when another session becomes active.
    void emit_changed();
    /// Waits until that question has been withdrawn.
    void wait_withdrawn(std::size_t number);

  private:
    static int on_check(sd_bus_message* message, void* userdata, sd_bus_error* error);
    static int on_enumerate(sd_bus_message* message, void* userdata, sd_bus_error* error);
    static int on_cancel(sd_bus_message* message, void* userdata, sd_bus_error* error);
    static Question read(sd_bus_message* message);
    int reply_now(sd_bus_message* message, sd_bus_error* error, Answer answer);
    void wait_for(const std::function<bool()>& condition);

    std::mutex mutex_; // guards what follows, up to the loop
    std::condition_variable changed_;
    Answer answer_;
    std::vector<Question> questions_;
    std::vector<std::string> withdrawn_;

    EventLoop loop_; // its thread owns what follows
    sd_bus* bus_ = nullptr;
    std::map<std::size_t, sd_bus_message*> open_;
    std::thread thread_;
};

} // namespace spicykvm::test
