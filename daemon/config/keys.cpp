// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/keys.h"

#include <algorithm>
#include <array>

namespace spicykvm::config {

namespace {

using std::string_view;

bool printable(string_view text, std::size_t longest) {
    return !text.empty() && text.size() <= longest &&
           std::none_of(text.begin(), text.end(), [](char c) {
               const auto byte = static_cast<unsigned char>(c);
               return byte < 0x20 || byte == 0x7f;
           });
}

bool is_word(string_view text, std::size_t longest, string_view also) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return !text.empty() && text.size() <= longest &&
           (plain(text.front()) || text.front() == '_') &&
           std::all_of(text.begin(), text.end(),
                       [&](char c) { return plain(c) || also.find(c) != string_view::npos; });
}

/// The shape only; the connection has the real parser, and main hands it to load().
bool is_uri(string_view text) {
    constexpr std::array<string_view, 4> kStarts{"spice://", "spice+tls://", "spice+unix:///",
                                                 "spice+unix://@"};
    return printable(text, 512) && text.find(' ') == string_view::npos &&
           std::any_of(kStarts.begin(), kStarts.end(), [&](string_view s) {
               return text.size() > s.size() && text.starts_with(s);
           });
}

constexpr TextRule kText{[](string_view t) { return printable(t, 255); },
                         "a text of 1 to 255 characters"};
constexpr TextRule kAnyText{[](string_view t) { return t.empty() || printable(t, 255); },
                            "a text of at most 255 characters"};
constexpr TextRule kTargetName{
    [](string_view t) { return is_word(t, 64, "._-"); },
    "1 to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit"};
constexpr TextRule kPath{[](string_view t) { return printable(t, 4095) && t.front() == '/'; },
                         "an absolute path"};
constexpr TextRule kUri{
    is_uri, "\"spice://HOST:PORT\", \"spice+unix:///PATH\" or \"spice+unix://@NAME\"", true};
constexpr TextRule kCredential{[](string_view t) { return is_word(t, 255, "._-"); },
                               "the name of a credential, as in LoadCredential="};
constexpr TextRule kVariable{[](string_view t) { return is_word(t, 255, "_"); },
                             "the name of an environment variable"};
constexpr TextRule kUser{[](string_view t) { return is_word(t, 255, "._-$@"); },
                         "the name or the number of a user"};

constexpr TextRule kHexText{[](string_view t) {
                                return t.size() >= 3 && t.size() <= 6 && t.starts_with("0x") &&
                                       t.find_first_not_of("0123456789abcdefABCDEF", 2) ==
                                           string_view::npos;
                            },
                            "a text of 0x and up to four hexadecimal digits"};
constexpr TextRule kSeat{[](string_view t) { return is_word(t, 64, "_-"); },
                         "the name of a seat, as in loginctl"};
constexpr std::array<string_view, 6> kLevels{"trace",   "debug", "info",
                                             "warning", "error", "critical"};
constexpr std::array<string_view, 2> kWhenLocked{"deny", "allow"};
constexpr std::array<string_view, 2> kConnect{"always", "on-activate"};
constexpr std::array<string_view, 2> kWheel{"drop", "shift"};
constexpr std::array<string_view, 3> kAudioWhen{"always", "active", "never"};
constexpr std::array<string_view, 5> kVolumeLaws{"hda", "ac97", "cubic", "linear", "ignore"};

Field audio_device(const Scope& s) {
    return Text{&s.audio->device, &kAnyText};
}
Field audio_when(const Scope& s) {
    return Choice{&s.audio->when, kAudioWhen};
}

// A row: section, key, where it is kept, what it means. Defaults are those of config.h.
constexpr KeySpec kKeys[] = {
    {"", "daemon", [](const Scope&) -> Field { return SubTable{"daemon"}; }, "the service itself"},
    {"", "hotkeys", [](const Scope&) -> Field { return SubTable{"hotkeys"}; }, "what switches"},
    {"", "input", [](const Scope&) -> Field { return SubTable{"input"}; }, "keyboards and mice"},
    {"", "spice", [](const Scope&) -> Field { return SubTable{"spice"}; }, "connections"},
    {"", "target", [](const Scope&) -> Field { return Targets{}; }, "a VM; one table each"},

    {"daemon", "log_level",
     [](const Scope& s) -> Field {
         return Choice{&s.config->daemon.log_level, kLevels};
     },
     "How much goes to the journal. No level ever shows keys or passwords."},
    {"daemon", "default_target",
     [](const Scope& s) -> Field {
         return Text{&s.config->daemon.default_target, &kTargetName};
     },
     "The target of an activation that names none, until one has been active; without it the first "
     "of the file."},
    {"daemon", "when_locked",
     [](const Scope& s) -> Field {
         return Choice{&s.config->daemon.when_locked, kWhenLocked};
     },
     "Whether a VM may have keyboard and mouse while the host's session is locked or its login "
     "screen is shown. The VM does not lock itself with the host: `allow` lets whoever passes by "
     "reach it by one hotkey."},

    {"hotkeys", "toggle", [](const Scope& s) -> Field { return &s.config->hotkeys.toggle; },
     "To the last target, or home."},
    {"hotkeys", "home", [](const Scope& s) -> Field { return &s.config->hotkeys.home; },
     "Home: keyboard and mouse drive the host."},
    {"hotkeys", "next", [](const Scope& s) -> Field { return &s.config->hotkeys.next; },
     "To the next target of the file, after the last to the first."},
    {"hotkeys", "last", [](const Scope& s) -> Field { return &s.config->hotkeys.last; },
     "To the target that was active before this one."},
    {"hotkeys", "lend_mouse", [](const Scope& s) -> Field { return &s.config->hotkeys.lend_mouse; },
     "While held, the mouse drives the host. Only `hold(KEY)`."},
    {"hotkeys", "borrow", [](const Scope& s) -> Field { return &s.config->hotkeys.borrow; },
     "While held, the VM has keyboard and mouse. Only `hold(KEY)`."},
    {"hotkeys", "tap_ms",
     [](const Scope& s) -> Field {
         return Duration{&s.config->hotkeys.timing.tap, 20, 2000};
     },
     "A tap is shorter than this."},
    {"hotkeys", "double_ms",
     [](const Scope& s) -> Field {
         return Duration{&s.config->hotkeys.timing.double_gap, 20, 2000};
     },
     "The second tap of a double begins within this time after the first."},
    {"hotkeys", "hold_ms",
     [](const Scope& s) -> Field {
         return Duration{&s.config->hotkeys.timing.hold, 20, 5000};
     },
     "A hold begins after this time."},

    {"input", "devices", [](const Scope& s) -> Field { return &s.config->input.devices; },
     "What is grabbed while a VM is active. `\"auto\"`: the keyboard that has the hotkey, then the "
     "pointer "
     "that moves."},
    {"input", "exclude", [](const Scope& s) -> Field { return &s.config->input.exclude; },
     "Devices that are never taken, whatever `devices` says."},
    {"input", "virtual_devices",
     [](const Scope& s) -> Field { return &s.config->input.virtual_devices; },
     "Whether devices made by other programs (keyd, input-remapper, ...) may be taken."},
    {"input", "rt_priority",
     [](const Scope& s) -> Field {
         return Number{&s.config->input.rt_priority, 0, 99};
     },
     "Real-time priority (SCHED_FIFO) of the input thread, as far as the unit's `LimitRTPRIO=` "
     "permits; 0: none."},
    {"input", "neutral_deadline_ms",
     [](const Scope& s) -> Field {
         return Duration{&s.config->input.neutral_deadline, 0, 10000};
     },
     "How long to wait, before a grab, for held keys of a device that can't be written to."},
    {"input", "stall_timeout_ms",
     [](const Scope& s) -> Field {
         return Duration{&s.config->input.stall_timeout, 0, 60000};
     },
     "Keyboard and mouse come home when the VM's SPICE server acknowledges no motion for this "
     "long; 0: never."},
    {"input", "seat",
     [](const Scope& s) -> Field {
         return Text{&s.config->input.seat, &kSeat};
     },
     "Seat whose devices are taken; others only if `devices` names them."},
    {"input", "host_keys", [](const Scope&) -> Field { return KeyNames{}; },
     "Keys that stay with the host.", Presence::Later},

    {"input.device", "name",
     [](const Scope& s) -> Field {
         return Text{&s.device->name, &kText};
     },
     "Name of the device; `*` and `?` as in a shell."},
    {"input.device", "path",
     [](const Scope& s) -> Field {
         return Text{&s.device->path, &kPath};
     },
     "The node or a link to it, such as `/dev/input/by-id/...`."},
    {"input.device", "id", [](const Scope& s) -> Field { return &s.device->id; },
     "Vendor and product, as `lsusb` shows them."},
    {"input.device", "phys",
     [](const Scope& s) -> Field {
         return Text{&s.device->phys, &kText};
     },
     "Where it is plugged in, for two equal devices; `*` and `?` as in a shell."},

    {"spice", "connect_timeout_ms",
     [](const Scope& s) -> Field {
         return Duration{&s.config->spice.connect_timeout, 100, 120000};
     },
     "For name lookup, connection, password and identity together."},
    {"spice", "retry_min_ms",
     [](const Scope& s) -> Field {
         return Duration{&s.config->spice.retry_min, 100, 600000};
     },
     "Pause before the first new attempt; the next are 2, 5, 15 and 60 times as long."},
    {"spice", "retry_max_ms",
     [](const Scope& s) -> Field {
         return Duration{&s.config->spice.retry_max, 100, 600000};
     },
     "The longest pause between attempts."},

    {"target", "name",
     [](const Scope& s) -> Field {
         return Text{&s.target->name, &kTargetName};
     },
     "What commands and D-Bus call it.", Presence::Required},
    {"target", "uri",
     [](const Scope& s) -> Field {
         return Text{&s.target->uri, &kUri};
     },
     "Where the VM's SPICE server listens. `spice+tls://` is not supported in this version.",
     Presence::Required},
    {"target", "uuid", [](const Scope& s) -> Field { return &s.target->uuid; },
     "The VM must have this UUID, or nothing is sent to it."},
    {"target", "vm_name",
     [](const Scope& s) -> Field {
         return Text{&s.target->vm_name, &kText};
     },
     "The VM must have this name (QEMU's `-name`, libvirt's domain), or nothing is sent to it."},
    {"target", "password", [](const Scope& s) -> Field { return &s.target->password; },
     "Where the SPICE password is; read at every connection."},
    {"target", "hotkey", [](const Scope& s) -> Field { return &s.target->hotkey; },
     "To this target."},
    {"target", "connect",
     [](const Scope& s) -> Field {
         return Choice{&s.target->connect, kConnect};
     },
     "`always` keeps the link warm, so that a switch takes no time."},
    {"target", "insecure", [](const Scope& s) -> Field { return &s.target->insecure; },
     "Permits plain TCP to another machine, where everybody in between can read what you type."},
    {"target", "peer_user",
     [](const Scope& s) -> Field {
         return Text{&s.target->peer_user, &kUser};
     },
     "Who must own the other end of a `spice+unix` socket, such as `libvirt-qemu`."},
    {"target", "max_delta",
     [](const Scope& s) -> Field {
         return Number{&s.target->forwarding.max_delta, 0, 32767};
     },
     "Motion is sent in steps of at most this; 127 for guest drivers with 8-bit axes; 0: no "
     "limit."},
    {"target", "horizontal_wheel",
     [](const Scope& s) -> Field {
         return Choice{&s.target->forwarding.horizontal_wheel_as_shift, kWheel};
     },
     "SPICE has no horizontal wheel: drop it, or send Shift and the wheel."},
    {"target", "playback",
     [](const Scope& s) -> Field {
         return AudioTable{&s.target->playback, "target.playback"};
     },
     "The VM's sound on the host; without it: the default device, always."},
    {"target", "record",
     [](const Scope& s) -> Field {
         return AudioTable{&s.target->record, "target.record"};
     },
     "The host's microphone for the VM; without it: never."},
    {"target", "monitor", [](const Scope& s) -> Field { return &s.target->monitors; },
     "The monitors that follow the switch, by DDC/CI."},

    {"target.password", "credential",
     [](const Scope& s) -> Field {
         return Text{&s.password->credential, &kCredential};
     },
     "A credential of the service (`LoadCredential=`)."},
    {"target.password", "file",
     [](const Scope& s) -> Field {
         return Text{&s.password->file, &kPath};
     },
     "A file; only the daemon's user should be able to read it."},
    {"target.password", "env",
     [](const Scope& s) -> Field {
         return Text{&s.password->env, &kVariable};
     },
     "A variable of the daemon's environment."},

    {"target.playback", "device", audio_device,
     "`node.name` or `object.serial` of a PipeWire sink; empty: the default one, and it is "
     "followed."},
    {"target.playback", "when", audio_when, "`active`: while keyboard and mouse are in the VM."},
    {"target.playback", "inactive_gain",
     [](const Scope& s) -> Field {
         return Number{&s.audio->inactive_gain, -60, 0};
     },
     "In dB, with `always`, while keyboard and mouse are elsewhere."},
    {"target.playback", "volume_law",
     [](const Scope& s) -> Field {
         return Choice{&s.audio->volume_law, kVolumeLaws};
     },
     "What the volume in the guest means: that of its sound card (`hda` is QEMU's usual one); "
     "`ignore`: always full."},

    {"target.record", "device", audio_device,
     "`node.name` or `object.serial` of a PipeWire source; empty: the default one."},
    {"target.record", "when", audio_when,
     "While the microphone may be open, and only while the guest records: `active`: when keyboard "
     "and mouse are in the VM."},
    {"target.record", "volume_law",
     [](const Scope& s) -> Field {
         return Choice{&s.audio->volume_law, kVolumeLaws};
     },
     "As for `playback`."},

    {"target.monitor", "name",
     [](const Scope& s) -> Field {
         return Text{&s.monitor->name, &kTargetName};
     },
     "What reports call it; else `monitor1`, `monitor2` and so on."},
    {"target.monitor", "match",
     [](const Scope&) -> Field { return SubTable{"target.monitor.match"}; },
     "Which monitor: all that is given has to hold, and exactly one must be found."},
    {"target.monitor", "i2c",
     [](const Scope& s) -> Field {
         return Number{&s.monitor->i2c, 0, 255};
     },
     "The number of its bus, instead of `match`. Numbers change between boots, and nobody checks "
     "who "
     "is there."},
    {"target.monitor", "set", [](const Scope& s) -> Field { return &s.monitor->set; },
     "What is sent, in this order."},
    {"target.monitor", "return", [](const Scope& s) -> Field { return &s.monitor->come_home; },
     "How it comes home: as it went, not at all (somebody presses its buttons), over a second "
     "cable, "
     "or by a program."},
    {"target.monitor", "repeat",
     [](const Scope& s) -> Field {
         return Number{&s.monitor->repeat, 1, 5};
     },
     "How often each value is sent, for monitors that lose the first."},
    {"target.monitor", "repeat_delay_ms",
     [](const Scope& s) -> Field {
         return Duration{&s.monitor->repeat_delay, 50, 5000};
     },
     "The pause in between."},
    {"target.monitor", "save_after", [](const Scope& s) -> Field { return &s.monitor->save_after; },
     "Sends the command to save, too, for monitors that forget the input else."},
    {"target.monitor", "sleep_multiplier",
     [](const Scope& s) -> Field {
         return Number{&s.monitor->sleep_multiplier, 1, 10};
     },
     "All pauses of DDC/CI are so many times as long, for slow monitors."},
    {"target.monitor", "wake_delay_ms",
     [](const Scope& s) -> Field {
         return Duration{&s.monitor->wake_delay, 0, 10000};
     },
     "From the switch, which moves the guest's mouse by one step and back to wake its display, to "
     "the "
     "first value for the guest: without a picture there, many monitors turn back."},
    {"target.monitor", "unsafe", [](const Scope& s) -> Field { return &s.monitor->unsafe; },
     "Permits features other than the inputs (0x60, 0xf4, 0xe5, 0xe7, 0xe8, 0xe9) and power on. "
     "Some "
     "have left monitors dead."},
    {"target.monitor.match", "connector",
     [](const Scope& s) -> Field {
         return Text{&s.monitor->match.connector, &kText};
     },
     "Such as `card1-HDMI-A-1`, or `HDMI-A-1`, or `card1` if only one monitor is there."},
    {"target.monitor.match", "manufacturer",
     [](const Scope& s) -> Field {
         return Text{&s.monitor->match.manufacturer, &kText};
     },
     "The three letters of its EDID, such as `DEL`."},
    {"target.monitor.match", "product",
     [](const Scope& s) -> Field {
         return Text{&s.monitor->match.product, &kHexText};
     },
     "The product code of its EDID."},
    {"target.monitor.match", "serial",
     [](const Scope& s) -> Field {
         return Text{&s.monitor->match.serial, &kText};
     },
     "The serial number of its EDID, as text. It is not shown in logs."},
    {"target.monitor.match", "name",
     [](const Scope& s) -> Field {
         return Text{&s.monitor->match.name, &kText};
     },
     "The name in its EDID."},
    {"target.monitor.return", "connector",
     [](const Scope& s) -> Field {
         return Text{&s.monitor_return->match.connector, &kText};
     },
     "As in `match`, of the second cable. So are the next four: the EDID may be another one "
     "there."},
    {"target.monitor.return", "manufacturer",
     [](const Scope& s) -> Field {
         return Text{&s.monitor_return->match.manufacturer, &kText};
     },
     "As in `match`."},
    {"target.monitor.return", "product",
     [](const Scope& s) -> Field {
         return Text{&s.monitor_return->match.product, &kHexText};
     },
     "As in `match`."},
    {"target.monitor.return", "serial",
     [](const Scope& s) -> Field {
         return Text{&s.monitor_return->match.serial, &kText};
     },
     "As in `match`."},
    {"target.monitor.return", "name",
     [](const Scope& s) -> Field {
         return Text{&s.monitor_return->match.name, &kText};
     },
     "As in `match`."},
    {"target.monitor.return", "i2c",
     [](const Scope& s) -> Field {
         return Number{&s.monitor_return->i2c, 0, 255};
     },
     "The number of the second cable's bus, instead of all these."},
    {"target.monitor.return", "run",
     [](const Scope& s) -> Field { return ProgramWords{&s.monitor_return->run}; },
     "A program and its arguments, run without a shell by the daemon's user. Status 0 says that "
     "the "
     "monitor is home."},
    {"target.monitor.return", "timeout_ms",
     [](const Scope& s) -> Field {
         return Duration{&s.monitor_return->timeout, 100, 30000};
     },
     "`run` is killed after this time."},
    {"target.monitor.set", "vcp",
     [](const Scope& s) -> Field {
         return Number{&s.monitor_set->vcp, 0, 255, true};
     },
     "The VCP feature; 0x60 is the input."},
    {"target.monitor.set", "lg_channel",
     [](const Scope& s) -> Field { return &s.monitor_set->lg_channel; },
     "Sends with source address 0x50, as newer LG monitors want it for 0xf4."},
    {"target.monitor.set", "host",
     [](const Scope& s) -> Field { return MonitorInput{&s.monitor_set->host}; },
     "Its value at home.", Presence::Required},
    {"target.monitor.set", "guest",
     [](const Scope& s) -> Field { return MonitorInput{&s.monitor_set->guest}; },
     "Its value while the VM is active.", Presence::Required},
};

} // namespace

std::span<const KeySpec> key_table() noexcept {
    return kKeys;
}

std::vector<const KeySpec*> keys_of(string_view section) {
    std::vector<const KeySpec*> keys;
    for (const KeySpec& key : kKeys) {
        if (key.section == section) {
            keys.push_back(&key);
        }
    }
    return keys;
}

std::string names_of(string_view section) {
    std::string text;
    for (const KeySpec* key : keys_of(section)) {
        text += (text.empty() ? "" : ", ") + std::string(key->name);
    }
    return text;
}

bool is_target_name(string_view text) {
    return kTargetName.good(text);
}

bool is_target_uri(string_view text) {
    return kUri.good(text);
}

bool is_plain_text(string_view text) {
    return kText.good(text);
}

std::span<const string_view> log_levels() noexcept {
    return kLevels;
}

std::optional<spdlog::level::level_enum> log_level(string_view word) noexcept {
    const auto* found = std::find(kLevels.begin(), kLevels.end(), word);
    return found == kLevels.end()
               ? std::nullopt
               : std::optional(static_cast<spdlog::level::level_enum>(found - kLevels.begin()));
}

} // namespace spicykvm::config
