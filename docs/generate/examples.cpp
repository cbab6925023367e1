// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "generate/examples.h"

#include <algorithm>
#include <array>

namespace spicykvm::docs {

namespace {

// A test puts them all into one configuration and checks it.
constexpr std::array kExamples{
    Example{"daemon", "default_target", R"("win11")"},

    Example{"hotkeys", "toggle", R"_("tap(rightctrl)")_"},
    Example{"hotkeys", "home", R"_("press(pause)")_"},
    Example{"hotkeys", "next", R"(["leftctrl+f12", "leftctrl+btn_side"])"},
    Example{"hotkeys", "last", R"_("double(rightctrl)")_"},
    Example{"hotkeys", "lend_mouse", R"_("hold(rightctrl)")_"},
    Example{"hotkeys", "borrow", R"_("hold(scrolllock)")_"},

    Example{"input", "exclude", R"([{ name = "*Power Button*" }])"},
    Example{"input", "host_keys", R"(["volumeup", "volumedown"])"},
    Example{"input.device", "name", R"("*Power Button*")"},
    Example{"input.device", "path", R"("/dev/input/by-id/usb-Keychron_K2-event-kbd")"},
    Example{"input.device", "id", R"("046d:c52b")"},
    Example{"input.device", "phys", R"("usb-0000:00:14.0-3/*")"},

    Example{"target", "name", R"("win11")"},
    Example{"target", "uri", R"("spice+unix:///run/libvirt/qemu/win11-spice.sock")"},
    Example{"target", "uuid", R"("c7a5fdbd-edaf-9455-926a-d65c16db1809")"},
    Example{"target", "vm_name", R"("win11")"},
    Example{"target", "hotkey", R"_("tap(scrolllock)")_"},
    Example{"target", "peer_user", R"("libvirt-qemu")"},
    Example{"target.password", "credential", R"("spice_win11")"},
    Example{"target.password", "file", R"("/etc/spicykvm/win11.password")", true},
    Example{"target.password", "env", R"("WIN11_PASSWORD")", true},
    Example{"target.playback", "device", R"("alsa_output.pci-0000_00_1f.3.analog-stereo")"},
    Example{"target.record", "device", R"("alsa_input.pci-0000_00_1f.3.analog-stereo")"},

    Example{"target.monitor", "name", R"("left")"},
    Example{"target.monitor", "i2c", "5", true},
    Example{"target.monitor.match", "connector", R"("card1-HDMI-A-1")"},
    Example{"target.monitor.match", "manufacturer", R"("DEL")"},
    Example{"target.monitor.match", "product", R"("0x41b5")"},
    Example{"target.monitor.match", "serial", R"("8HX3R13")"},
    Example{"target.monitor.match", "name", R"("DELL U2720Q")"},
    Example{"target.monitor.return", "connector", R"("card1-HDMI-A-2")"},
    Example{"target.monitor.return", "manufacturer", R"("DEL")"},
    Example{"target.monitor.return", "product", R"("0x41b6")"},
    Example{"target.monitor.return", "serial", R"("8HX3R13")"},
    Example{"target.monitor.return", "name", R"("DELL U2720Q")"},
    Example{"target.monitor.return", "i2c", "7", true},
    Example{"target.monitor.return", "run", R"(["/usr/local/bin/monitor-home", "left"])", true},
    Example{"target.monitor.return", "timeout_ms", "5000", true},
    Example{"target.monitor.set", "host", R"("hdmi-1")"},
    Example{"target.monitor.set", "guest", R"("displayport-1")"},
};

} // namespace

std::span<const Example> examples() noexcept {
    return kExamples;
}

const Example* example_of(const config::KeySpec& key) noexcept {
    const auto* const found =
        std::find_if(kExamples.begin(), kExamples.end(), [&](const Example& example) {
            return example.section == key.section && example.name == key.name;
        });
    return found == kExamples.end() ? nullptr : found;
}

} // namespace spicykvm::docs
