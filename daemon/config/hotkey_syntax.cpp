// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/hotkey_syntax.h"

#include "config/diagnostics.h"

#include <algorithm>
#include <array>
#include <libevdev/libevdev.h>
#include <optional>
#include <span>

namespace spicykvm::config {

using core::Gesture;
using core::Hotkey;
using core::KeyCode;

namespace {

struct GestureName {
    std::string_view name;
    Gesture gesture;
};
constexpr std::array kGestures{
    GestureName{"tap", Gesture::Tap},         GestureName{"double", Gesture::Double},
    GestureName{"hold", Gesture::Hold},       GestureName{"press", Gesture::Press},
    GestureName{"release", Gesture::Release},
};
constexpr std::string_view kForms =
    "tap(KEY), double(KEY), hold(KEY), press(KEY), release(KEY) or KEY+KEY";

struct KeyAlias {
    std::string_view name;
    std::uint16_t code;
};
/// What people call keys whose evdev name is another; all else goes by the evdev name.
constexpr std::array kAliases{
    KeyAlias{"lctrl", KEY_LEFTCTRL},       KeyAlias{"rctrl", KEY_RIGHTCTRL},
    KeyAlias{"lshift", KEY_LEFTSHIFT},     KeyAlias{"rshift", KEY_RIGHTSHIFT},
    KeyAlias{"lalt", KEY_LEFTALT},         KeyAlias{"ralt", KEY_RIGHTALT},
    KeyAlias{"altgr", KEY_RIGHTALT},       KeyAlias{"lmeta", KEY_LEFTMETA},
    KeyAlias{"rmeta", KEY_RIGHTMETA},      KeyAlias{"leftwin", KEY_LEFTMETA},
    KeyAlias{"rightwin", KEY_RIGHTMETA},   KeyAlias{"leftsuper", KEY_LEFTMETA},
    KeyAlias{"rightsuper", KEY_RIGHTMETA}, KeyAlias{"escape", KEY_ESC},
    KeyAlias{"return", KEY_ENTER},         KeyAlias{"del", KEY_DELETE},
    KeyAlias{"ins", KEY_INSERT},           KeyAlias{"pgup", KEY_PAGEUP},
    KeyAlias{"pgdn", KEY_PAGEDOWN},        KeyAlias{"printscreen", KEY_SYSRQ},
    KeyAlias{"contextmenu", KEY_COMPOSE},
};

std::string_view trimmed(std::string_view text) noexcept {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && blank(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

// Not std::tolower: the answer must not depend on the locale.
char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
char upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
std::string mapped(std::string_view text, char (*map)(char)) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), map);
    return result;
}

std::optional<KeyCode> lookup(const std::string& evdev_name) {
    const int code = ::libevdev_event_code_from_name(EV_KEY, evdev_name.c_str());
    if (code <= KEY_RESERVED || code >= KEY_MAX) {
        return std::nullopt;
    }
    return static_cast<KeyCode>(code);
}

Failure invalid(std::string_view text, const std::string& why) {
    return fail(ErrorCode::InvalidArgument, quote(text) + ": " + why);
}

/// Backspace+Escape+Enter, which no hotkey may take over.
bool is_panic_chord(std::span<const KeyCode> keys) {
    constexpr std::array kPanic{KEY_BACKSPACE, KEY_ESC, KEY_ENTER};
    return std::all_of(kPanic.begin(), kPanic.end(), [&](int code) {
        return std::find(keys.begin(), keys.end(), static_cast<KeyCode>(code)) != keys.end();
    });
}

Result<Hotkey> parse_chord(std::string_view text) {
    Hotkey hotkey;
    hotkey.gesture = Gesture::Chord;
    hotkey.key_count = 0;
    std::string_view rest = text;
    for (bool more = true; more;) {
        const std::size_t plus = rest.find('+');
        more = plus != std::string_view::npos;
        const Result<KeyCode> key = parse_key(rest.substr(0, plus));
        if (!key) {
            return tl::unexpected(key.error());
        }
        rest.remove_prefix(more ? plus + 1 : rest.size());
        const auto end = hotkey.keys.begin() + hotkey.key_count;
        if (std::find(hotkey.keys.begin(), end, *key) != end) {
            return invalid(text, "the same key twice; allowed: different keys");
        }
        if (hotkey.key_count == Hotkey::kMaxKeys) {
            return invalid(text, "too many keys; allowed: a chord of 2 to 4");
        }
        hotkey.keys[hotkey.key_count++] = *key;
    }
    if (hotkey.key_count == 1) {
        return invalid(text, "a single key needs a gesture; allowed: " + std::string(kForms));
    }
    if (is_panic_chord(std::span(hotkey.keys).first(hotkey.key_count))) {
        return invalid(text, "this is the panic chord, which always goes home; allowed: another");
    }
    return hotkey;
}

Result<Hotkey> parse_gesture(std::string_view text, std::size_t open) {
    const std::string name = mapped(trimmed(text.substr(0, open)), lower);
    const auto* found = std::find_if(kGestures.begin(), kGestures.end(),
                                     [&](const GestureName& g) { return g.name == name; });
    if (found == kGestures.end()) {
        return invalid(text, "no such gesture; allowed: " + std::string(kForms));
    }
    if (text.back() != ')') {
        return invalid(text, "\")\" is missing at the end; allowed: " + std::string(kForms));
    }
    const std::string_view inner = text.substr(open + 1, text.size() - open - 2);
    if (inner.find('+') != std::string_view::npos) {
        return invalid(text, "a gesture has one key; a chord is written without one: KEY+KEY");
    }
    const Result<KeyCode> key = parse_key(inner);
    if (!key) {
        return tl::unexpected(key.error());
    }
    Hotkey hotkey;
    hotkey.gesture = found->gesture;
    hotkey.keys[0] = *key;
    return hotkey;
}

} // namespace

Result<KeyCode> parse_key(std::string_view name) {
    constexpr std::size_t kLongest = 64; // the longest evdev name has 30 characters
    const std::string_view word = trimmed(name);
    if (word.empty() || word.size() > kLongest || word.find('\0') != std::string_view::npos) {
        return invalid(name, "not the name of a key");
    }
    const std::string small = mapped(word, lower);
    for (const KeyAlias& alias : kAliases) {
        if (alias.name == small) {
            return static_cast<KeyCode>(alias.code);
        }
    }
    const std::string big = mapped(word, upper);
    const bool prefixed = big.starts_with("KEY_") || big.starts_with("BTN_");
    for (const char* prefix : {"KEY_", "BTN_"}) {
        if (const auto code = lookup(prefixed ? big : prefix + big)) {
            return *code;
        }
    }
    return invalid(name, "no key or button has this name; allowed: the names of evdev, such as "
                         "rightctrl, pause, f12, btn_side");
}

std::string key_name(KeyCode code) {
    const char* name = ::libevdev_event_code_get_name(EV_KEY, core::raw(code));
    if (name == nullptr) {
        return "?";
    }
    const std::string small = mapped(name, lower);
    return small.starts_with("key_") ? small.substr(4) : small;
}

Result<Hotkey> parse_hotkey(std::string_view text) {
    constexpr std::size_t kLongest = 200;
    const std::string_view word = trimmed(text);
    if (word.empty() || word.size() > kLongest) {
        return invalid(text, "not a hotkey; allowed: " + std::string(kForms));
    }
    const std::size_t open = word.find('(');
    return open == std::string_view::npos ? parse_chord(word) : parse_gesture(word, open);
}

std::string to_text(const Hotkey& hotkey) {
    std::string keys;
    for (std::size_t i = 0; i < hotkey.key_count; ++i) {
        keys += (i == 0 ? "" : "+") + key_name(hotkey.keys[i]);
    }
    for (const GestureName& gesture : kGestures) {
        if (gesture.gesture == hotkey.gesture) {
            return std::string(gesture.name) + "(" + keys + ")";
        }
    }
    return keys;
}

bool same_gesture(const Hotkey& a, const Hotkey& b) noexcept {
    return a.gesture == b.gesture && a.key_count == b.key_count &&
           std::is_permutation(a.keys.begin(), a.keys.begin() + a.key_count, b.keys.begin());
}

} // namespace spicykvm::config
