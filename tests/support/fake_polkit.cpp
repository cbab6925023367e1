// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/fake_polkit.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <future>
#include <stdexcept>
#include <system_error>

namespace spicykvm::test {

namespace {

int check(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(-result, std::generic_category(), what);
    }
    return result;
}

} // namespace

FakePolkit::FakePolkit(Answer answer) : answer_(answer) {
    static const sd_bus_vtable vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD("CheckAuthorization", "(sa{sv})sa{ss}us", "(bba{ss})", on_check,
                      SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD("EnumerateActions", "s", "a(ssssssuuua{ss})", on_enumerate,
                      SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD("CancelCheckAuthorization", "s", "", on_cancel, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
    };
    check(sd_bus_open_system(&bus_), "sd_bus_open_system");
    check(sd_bus_add_object_vtable(bus_, nullptr, "/org/freedesktop/PolicyKit1/Authority",
                                   "org.freedesktop.PolicyKit1.Authority", vtable, this),
          "sd_bus_add_object_vtable");
    check(sd_bus_request_name(bus_, "org.freedesktop.PolicyKit1", 0), "sd_bus_request_name");
    check(sd_bus_attach_event(bus_, loop_.raw(), 0), "sd_bus_attach_event");
    thread_ = std::thread([this] { loop_.run(); });
}

FakePolkit::~FakePolkit() {
    loop_.post([this] { loop_.exit(0); });
    thread_.join();
    for (const auto& entry : open_) {
        sd_bus_message_unref(entry.second);
    }
    sd_bus_detach_event(bus_);
    sd_bus_close_unref(bus_);
}

void FakePolkit::set_answer(Answer answer) {
    const std::lock_guard lock(mutex_);
    answer_ = answer;
}

FakePolkit::Question FakePolkit::question(std::size_t number) {
    wait_for([&] { return questions_.size() > number; });
    const std::lock_guard lock(mutex_);
    return questions_[number];
}

std::size_t FakePolkit::question_count() {
    const std::lock_guard lock(mutex_);
    return questions_.size();
}

void FakePolkit::answer(std::size_t number, bool yes) {
    (void)question(number);
    std::promise<void> done;
    loop_.post([&] {
        sd_bus_message* const message = open_.at(number);
        reply_now(message, nullptr, yes ? Answer::Yes : Answer::No);
        sd_bus_message_unref(message);
        open_.erase(number);
        done.set_value();
    });
    done.get_future().get();
}

void FakePolkit::emit_changed() {
    loop_.post([this] {
        (void)sd_bus_emit_signal(bus_, "/org/freedesktop/PolicyKit1/Authority",
                                 "org.freedesktop.PolicyKit1.Authority", "Changed", nullptr);
    });
}

void FakePolkit::wait_withdrawn(std::size_t number) {
    const std::string id = question(number).cancellation;
    wait_for(
        [&] { return std::find(withdrawn_.begin(), withdrawn_.end(), id) != withdrawn_.end(); });
}

int FakePolkit::on_check(sd_bus_message* message, void* userdata, sd_bus_error* error) {
    auto& self = *static_cast<FakePolkit*>(userdata);
    const std::lock_guard lock(self.mutex_);
    self.questions_.push_back(read(message));
    self.changed_.notify_all();
    if (self.answer_ == Answer::Later) {
        self.open_.emplace(self.questions_.size() - 1, sd_bus_message_ref(message));
        return 1;
    }
    return self.reply_now(message, error, self.answer_);
}

int FakePolkit::reply_now(sd_bus_message* message, sd_bus_error* error, Answer answer) {
    if (answer == Answer::Error) {
        return sd_bus_error_set(error, "org.freedesktop.PolicyKit1.Error.Failed", "not registered");
    }
    return sd_bus_reply_method_return(message, "(bba{ss})", answer == Answer::Yes,
                                      answer == Answer::Password, 0);
}

int FakePolkit::on_enumerate(sd_bus_message* message, void*, sd_bus_error*) {
    return sd_bus_reply_method_return(message, "a(ssssssuuua{ss})", 2, "org.example.other", "", "",
                                      "", "", "", 0, 0, 0, 0, "org.spicykvm.Manager.activate", "",
                                      "", "", "", "", 0, 0, 0, 1, "k", "v");
}

int FakePolkit::on_cancel(sd_bus_message* message, void* userdata, sd_bus_error*) {
    auto& self = *static_cast<FakePolkit*>(userdata);
    const char* id = nullptr;
    check(sd_bus_message_read(message, "s", &id), "s");
    const std::lock_guard lock(self.mutex_);
    self.withdrawn_.emplace_back(id);
    self.changed_.notify_all();
    return sd_bus_reply_method_return(message, nullptr);
}

FakePolkit::Question FakePolkit::read(sd_bus_message* message) {
    Question question;
    const char* text = nullptr;
    const char* value = nullptr;
    std::uint32_t flags = 0;
    check(sd_bus_message_enter_container(message, 'r', "sa{sv}"), "subject");
    check(sd_bus_message_read(message, "s", &text), "kind");
    question.subject_kind = text;
    check(sd_bus_message_read(message, "a{sv}", 1, &text, "s", &value), "subject details");
    question.subject_name = std::string(text) + "=" + value;
    check(sd_bus_message_exit_container(message), "subject");
    check(sd_bus_message_read(message, "s", &text), "action");
    question.action = text;
    check(sd_bus_message_enter_container(message, 'a', "{ss}"), "details");
    while (sd_bus_message_read(message, "{ss}", &text, &value) > 0) {
        question.details.emplace(text, value);
    }
    check(sd_bus_message_exit_container(message), "details");
    check(sd_bus_message_read(message, "us", &flags, &text), "flags");
    question.interactive = flags == 1;
    question.cancellation = text;
    return question;
}

void FakePolkit::wait_for(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(10), condition)) {
        throw std::runtime_error("polkit was not asked within ten seconds");
    }
}

} // namespace spicykvm::test
