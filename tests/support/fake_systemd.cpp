// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "support/fake_systemd.h"

#include <map>
#include <string_view>
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

FakeSystemd::FakeSystemd() {
    static const sd_bus_vtable unit[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_PROPERTY("LoadState", "s", on_property, 0, 0),
        SD_BUS_PROPERTY("ActiveState", "s", on_property, 0, 0),
        SD_BUS_PROPERTY("SubState", "s", on_property, 0, 0),
        SD_BUS_VTABLE_END,
    };
    static const sd_bus_vtable service[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_PROPERTY("Result", "s", on_property, 0, 0),
        SD_BUS_PROPERTY("StatusText", "s", on_property, 0, 0),
        SD_BUS_PROPERTY("ExecMainCode", "i", on_property, 0, 0),
        SD_BUS_PROPERTY("ExecMainStatus", "i", on_property, 0, 0),
        SD_BUS_VTABLE_END,
    };
    static const sd_bus_vtable manager[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD("ListUnitsByPatterns", "asas", "a(ssssssouso)", on_list,
                      SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_VTABLE_END,
    };
    const char* const path = "/org/freedesktop/systemd1/unit/spicykvmd_2eservice";
    check(sd_bus_open_system(&bus_), "sd_bus_open_system");
    check(
        sd_bus_add_object_vtable(bus_, nullptr, path, "org.freedesktop.systemd1.Unit", unit, this),
        "Unit");
    check(sd_bus_add_object_vtable(bus_, nullptr, path, "org.freedesktop.systemd1.Service", service,
                                   this),
          "Service");
    check(sd_bus_add_object_vtable(bus_, nullptr, "/org/freedesktop/systemd1",
                                   "org.freedesktop.systemd1.Manager", manager, this),
          "Manager");
    check(sd_bus_request_name(bus_, "org.freedesktop.systemd1", 0), "sd_bus_request_name");
    check(sd_bus_attach_event(bus_, loop_.raw(), 0), "sd_bus_attach_event");
    thread_ = std::thread([this] { loop_.run(); });
}

FakeSystemd::~FakeSystemd() {
    loop_.post([this] { loop_.exit(0); });
    thread_.join();
    sd_bus_detach_event(bus_);
    sd_bus_close_unref(bus_);
}

void FakeSystemd::set_unit(const Unit& unit) {
    const std::lock_guard lock(mutex_);
    unit_ = unit;
}

void FakeSystemd::set_running(const std::vector<std::string>& units) {
    const std::lock_guard lock(mutex_);
    running_ = units;
}

std::vector<std::string> FakeSystemd::patterns() {
    const std::lock_guard lock(mutex_);
    return patterns_;
}

int FakeSystemd::on_property(sd_bus*, const char*, const char*, const char* name,
                             sd_bus_message* reply, void* userdata, sd_bus_error*) {
    auto& self = *static_cast<FakeSystemd*>(userdata);
    const std::lock_guard lock(self.mutex_);
    const std::map<std::string_view, const std::string*> texts{
        {"LoadState", &self.unit_.load},
        {"ActiveState", &self.unit_.active},
        {"SubState", &self.unit_.sub},
        {"Result", &self.unit_.result},
        {"StatusText", &self.unit_.status_text}};
    if (const auto text = texts.find(name); text != texts.end()) {
        return sd_bus_message_append(reply, "s", text->second->c_str());
    }
    const bool is_code = std::string_view(name) == "ExecMainCode";
    return sd_bus_message_append(reply, "i",
                                 is_code ? self.unit_.exit_code : self.unit_.exit_status);
}

int FakeSystemd::on_list(sd_bus_message* message, void* userdata, sd_bus_error*) {
    auto& self = *static_cast<FakeSystemd*>(userdata);
    const std::lock_guard lock(self.mutex_);
    self.patterns_.clear();
    const char* text = nullptr;
    check(sd_bus_message_skip(message, "as"), "states");
    check(sd_bus_message_enter_container(message, 'a', "s"), "patterns");
    while (sd_bus_message_read(message, "s", &text) > 0) {
        self.patterns_.emplace_back(text);
    }
    sd_bus_message* reply = nullptr;
    check(sd_bus_message_new_method_return(message, &reply), "reply");
    check(sd_bus_message_open_container(reply, 'a', "(ssssssouso)"), "units");
    for (const std::string& unit : self.running_) {
        check(sd_bus_message_append(reply, "(ssssssouso)", unit.c_str(), "", "loaded", "active",
                                    "running", "", "/u", 0, "", "/j"),
              "unit");
    }
    check(sd_bus_message_close_container(reply), "units");
    const int sent = sd_bus_send(nullptr, reply, nullptr);
    sd_bus_message_unref(reply);
    return check(sent, "send");
}

} // namespace spicykvm::test
