// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "key_script.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <libevdev/libevdev.h>
#include <stdexcept>
#include <utility>

namespace spicykvm::core::test {

namespace {

constexpr std::array<const char*, 3> kDevices{"kbd", "kbd2", "mouse"};

constexpr std::array<std::pair<const char*, Gesture>, 5> kGestures{{{"tap", Gesture::Tap},
                                                                    {"double", Gesture::Double},
                                                                    {"hold", Gesture::Hold},
                                                                    {"press", Gesture::Press},
                                                                    {"release", Gesture::Release}}};

constexpr std::array<std::pair<const char*, HotkeyAction>, 7> kActions{
    {{"toggle", HotkeyAction::Toggle},
     {"target", HotkeyAction::Target},
     {"home", HotkeyAction::Home},
     {"next", HotkeyAction::Next},
     {"last", HotkeyAction::Last},
     {"lend_mouse", HotkeyAction::LendMouse},
     {"borrow", HotkeyAction::Borrow}}};

constexpr std::array<const char*, 8> kButtons{"none",    "left",      "middle", "right",
                                              "wheelup", "wheeldown", "side",   "extra"};

template <typename T, std::size_t Size>
T value_of(const std::array<std::pair<const char*, T>, Size>& table, const std::string& word) {
    for (const auto& [name, value] : table) {
        if (word == name) {
            return value;
        }
    }
    throw std::invalid_argument("unknown word: " + word);
}

std::string upper(std::string word) {
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return word;
}

KeyCode code_of(const std::string& name) {
    const std::string full = (name.rfind("btn_", 0) == 0 ? "" : "KEY_") + upper(name);
    const int code = libevdev_event_code_from_name(EV_KEY, full.c_str());
    if (code < 0) {
        throw std::invalid_argument("unknown key: " + name);
    }
    return KeyCode{static_cast<std::uint16_t>(code)};
}

std::string name_of(KeyCode code) {
    const char* name = libevdev_event_code_get_name(EV_KEY, raw(code));
    std::string word = name != nullptr ? name + 4 : "?";
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return word;
}

std::string trim(std::string line) {
    line.erase(std::min(line.find('#'), line.size()));
    line.erase(line.find_last_not_of(" \t") + 1);
    line.erase(0, line.find_first_not_of(" \t"));
    return line;
}

Hotkey parse_hotkey(const std::string& gesture, const std::string& action) {
    Hotkey hotkey;
    std::string keys = gesture;
    hotkey.gesture = Gesture::Chord;
    if (const auto open = gesture.find('('); open != std::string::npos) {
        hotkey.gesture = value_of(kGestures, gesture.substr(0, open));
        keys = gesture.substr(open + 1, gesture.size() - open - 2);
    }
    hotkey.key_count = 0;
    std::istringstream split(keys);
    for (std::string key; std::getline(split, key, '+');) {
        hotkey.keys.at(hotkey.key_count++) = code_of(key);
    }
    std::istringstream words(action);
    std::string word;
    unsigned target = 0;
    words >> word >> target;
    hotkey.action = value_of(kActions, word);
    hotkey.target = TargetId{static_cast<std::uint16_t>(target)};
    return hotkey;
}

std::string describe(const Hotkey& hotkey) {
    for (const auto& [name, action] : kActions) {
        if (action == hotkey.action) {
            return hotkey.action == HotkeyAction::Target
                       ? "target " + std::to_string(index(hotkey.target))
                       : name;
        }
    }
    return "?";
}

template <typename T>
T next(std::istringstream& words) {
    T value{};
    if (!(words >> value)) {
        throw std::invalid_argument("incomplete line: " + words.str());
    }
    return value;
}

} // namespace

std::vector<std::string> KeyScript::run(const std::filesystem::path& file) {
    read(file);
    for (const std::string& line : settings_) {
        configure(line);
    }
    forwarder_.set_settings(forwarder_settings_);
    forwarder_.set_hotkeys(table_);
    if (starts_active_) {
        forwarder_.enter(*this, TargetId{0});
        forwarder_.on_motion_ack(1, now_);
        results_.clear(); // the motion of (0, 0)
    }
    for (const std::string& line : events_) {
        play(line);
    }
    return results_;
}

void KeyScript::read(const std::filesystem::path& file) {
    std::ifstream stream(file);
    if (!stream) {
        throw std::runtime_error("can't read " + file.string());
    }
    const std::array paragraphs{&settings_, &events_, &expected_};
    std::size_t paragraph = 0;
    for (std::string line; std::getline(stream, line);) {
        const bool separates = line.empty();
        const std::string text = trim(line);
        if (separates) {
            ++paragraph;
        } else if (!text.empty()) {
            paragraphs.at(paragraph)->push_back(text);
        }
    }
}

void KeyScript::configure(const std::string& line) {
    if (const auto equals = line.find(" = "); equals != std::string::npos) {
        table_.hotkeys.push_back(parse_hotkey(line.substr(0, equals), line.substr(equals + 3)));
        return;
    }
    Words words(line);
    const auto word = next<std::string>(words);
    if (word == "timing") {
        configure_timing(words);
    } else if (word == "max_delta") {
        forwarder_settings_.max_delta = next<std::int32_t>(words);
    } else if (word == "horizontal_wheel") {
        forwarder_settings_.horizontal_wheel_as_shift = true;
    } else if (word == "inactive") {
        starts_active_ = false;
    } else if (word == "react") {
        reacts_ = true;
    } else {
        throw std::invalid_argument("unknown setting: " + line);
    }
}

void KeyScript::configure_timing(Words& words) {
    for (std::string setting; words >> setting;) {
        const auto equals = setting.find('=');
        const Milliseconds value{std::stoi(setting.substr(equals + 1))};
        const std::string name = setting.substr(0, equals);
        (name == "tap"      ? table_.timing.tap
         : name == "double" ? table_.timing.double_gap
                            : table_.timing.hold) = value;
    }
}

void KeyScript::play(const std::string& line) {
    Words words(line);
    advance_to(TimePoint{Milliseconds{next<int>(words)}});
    auto word = next<std::string>(words);
    if (!play_control(word, words)) {
        const auto* device = std::find(kDevices.begin(), kDevices.end(), word);
        if (device != kDevices.end()) {
            word = next<std::string>(words);
        } else {
            device = kDevices.begin();
        }
        play_device(DeviceSlot{static_cast<std::uint8_t>(device - kDevices.begin())}, word, words);
    }
    (void)forwarder_.flush();
}

bool KeyScript::play_control(const std::string& word, Words& words) {
    if (word == "ENTER") {
        forwarder_.enter(*this, TargetId{next<std::uint16_t>(words)});
    } else if (word == "LEAVE") {
        forwarder_.leave(now_);
    } else if (word == "DROP") {
        forwarder_.drop_guest();
    } else if (word == "LEND") {
        forwarder_.lend_pointers(next<std::string>(words) == "on", now_);
    } else if (word == "ACK") {
        forwarder_.on_motion_ack(next<unsigned>(words), now_);
    } else if (word == "PROBE") {
        forwarder_.probe(now_);
    } else {
        return word == "WAIT";
    }
    return true;
}

void KeyScript::play_device(DeviceSlot device, const std::string& word, Words& words) {
    if (const int axis = libevdev_event_code_from_name(EV_REL, upper(word).c_str()); axis >= 0) {
        event(device, EV_REL, static_cast<std::uint16_t>(axis), next<std::int32_t>(words));
        return event(device, EV_SYN, SYN_REPORT, 0);
    }
    if (word == "gone") {
        return forwarder_.on_device_gone(device, now_);
    }
    if (word == "syn") {
        return event(device, EV_SYN, SYN_REPORT, 0);
    }
    if (word == "resync") {
        KeySet down;
        for (std::string key; words >> key;) {
            down.set(raw(code_of(key)));
        }
        return forwarder_.on_resync(device, down, now_);
    }
    static constexpr std::array<std::pair<const char*, int>, 3> kValues{
        {{"up", 0}, {"down", 1}, {"repeat", 2}}};
    event(device, EV_KEY, raw(code_of(word)), value_of(kValues, next<std::string>(words)));
}

void KeyScript::event(DeviceSlot device, std::uint16_t type, std::uint16_t code,
                      std::int32_t value) {
    forwarder_.on_event(device, Event{now_, type, code, value});
}

void KeyScript::advance_to(TimePoint time) {
    for (auto deadline = forwarder_.deadline(); deadline && *deadline <= time;
         deadline = forwarder_.deadline()) {
        now_ = std::max(now_, *deadline);
        forwarder_.on_deadline(now_);
        (void)forwarder_.flush();
    }
    now_ = time;
}

void KeyScript::result(const std::string& text) {
    const auto time = std::chrono::duration_cast<Milliseconds>(now_.time_since_epoch());
    results_.push_back(std::to_string(time.count()) + " " + text);
}

void KeyScript::on_hotkey(const Hotkey& hotkey, bool begin) noexcept {
    result("fire " + describe(hotkey) + (begin ? "" : " end"));
    if (reacts_) {
        react(hotkey, begin);
    }
}

void KeyScript::react(const Hotkey& hotkey, bool begin) {
    switch (hotkey.action) {
    case HotkeyAction::LendMouse:
        return forwarder_.lend_pointers(begin, now_);
    case HotkeyAction::Home:
        forwarder_.leave(now_);
        return;
    case HotkeyAction::Toggle:
    case HotkeyAction::Last:
    case HotkeyAction::Borrow:
        if (forwarder_.active()) {
            forwarder_.leave(now_);
            return;
        }
        [[fallthrough]];
    case HotkeyAction::Target:
    case HotkeyAction::Next:
        if (begin) {
            forwarder_.enter(*this, hotkey.target);
        }
    }
}

void KeyScript::on_panic_chord() noexcept {
    result("panic");
    forwarder_.leave(now_);
}

void KeyScript::on_watch_all_keys(DeviceSlot device, bool all) noexcept {
    result(std::string("watch ") + kDevices.at(index(device)) + (all ? " on" : " off"));
}

void KeyScript::key(KeyCode code, KeyAction action) noexcept {
    constexpr std::array<const char*, 3> kWords{" up", " down", " repeat"};
    result("key " + name_of(code) + kWords.at(static_cast<std::size_t>(action)));
}

void KeyScript::motion(std::int32_t dx, std::int32_t dy, ButtonMask held) noexcept {
    std::string text = "motion " + std::to_string(dx) + " " + std::to_string(dy);
    for (std::size_t i = 1; i < kButtons.size(); ++i) {
        text += held.has(static_cast<Button>(i)) ? std::string(" ") + kButtons.at(i) : "";
    }
    result(text);
}

void KeyScript::button(Button button, bool down, ButtonMask) noexcept {
    result(std::string("button ") + kButtons.at(static_cast<std::size_t>(button)) +
           (down ? " down" : " up"));
}

} // namespace spicykvm::core::test
