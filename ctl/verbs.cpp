// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ctl/verbs.h"

#include "ctl/ask.h"
#include "ctl/display_verbs.h"
#include "ctl/doctor_verb.h"
#include "ctl/json.h"
#include "ctl/report.h"
#include "ctl/text.h"

#include <algorithm>
#include <array>

namespace spicykvm::ctl {

namespace {

int watch(const Arguments& arguments, Environment& environment) {
    const bool json = arguments.json;
    return act(environment, "status --watch", [&](Daemon& daemon) {
        return daemon.watch([&](const Event& event) {
            environment.out << (json ? to_json(event) : to_line(event)) << std::endl;
        });
    });
}

int status(const Arguments& arguments, Environment& environment) {
    if (arguments.watch) {
        return watch(arguments, environment);
    }
    return ask(
        environment, "status", [](Daemon& daemon) { return daemon.status(); },
        [&](const Answer<Status>& answer) {
            if (arguments.json) {
                environment.out << to_json(*answer) << '\n';
            } else {
                print_status(environment, *answer);
            }
        });
}

int activate(const Arguments& arguments, Environment& environment) {
    const std::string target = arguments.words.empty() ? "" : arguments.words[0];
    return act(environment, target.empty() ? "activate" : "activate " + target,
               [&](Daemon& daemon) { return daemon.activate(target); });
}

int deactivate(const Arguments&, Environment& environment) {
    return act(environment, "deactivate", [](Daemon& daemon) { return daemon.deactivate(); });
}

int toggle(const Arguments&, Environment& environment) {
    return act(environment, "toggle", [](Daemon& daemon) { return daemon.toggle(); });
}

/// For shells, at the press of a key: a daemon that is not running is not started for it.
int target_names(Environment& environment) {
    return ask(
        environment, "targets",
        [](Daemon& daemon) -> Answer<Status> {
            if (!daemon.is_running()) {
                return tl::unexpected(CallError{"org.freedesktop.DBus.Error.NameHasNoOwner", ""});
            }
            return daemon.status();
        },
        [&](const Answer<Status>& answer) {
            for (const Target& target : answer->targets) {
                environment.out << one_line(target.name) << '\n';
            }
        });
}

int targets(const Arguments& arguments, Environment& environment) {
    if (arguments.names) {
        return target_names(environment);
    }
    return ask(
        environment, "targets", [](Daemon& daemon) { return daemon.status(); },
        [&](const Answer<Status>& answer) {
            if (arguments.json) {
                environment.out << to_json(answer->targets) << '\n';
            } else {
                print_targets(environment, answer->targets);
            }
        });
}

int devices(const Arguments& arguments, Environment& environment) {
    return ask(
        environment, "devices", [](Daemon& daemon) { return daemon.devices(); },
        [&](const Answer<std::vector<Device>>& answer) {
            if (arguments.json) {
                environment.out << to_json(*answer) << '\n';
            } else {
                print_devices(environment, *answer);
            }
        });
}

int reload(const Arguments&, Environment& environment) {
    return act(environment, "reload", [](Daemon& daemon) { return daemon.reload(); });
}

int config_check(const Arguments& arguments, Environment& environment) {
    std::vector<std::string> options;
    if (!arguments.words.empty()) {
        options = {"--config", arguments.words[0]};
    }
    return environment.check_config(options);
}

constexpr std::array kVerbs{
    Verb{"status", "[--json] [--watch]", "where keyboard and mouse are, and why", status},
    Verb{"activate", "[TARGET]", "keyboard and mouse to TARGET, or to the default one", activate},
    Verb{"deactivate", "", "keyboard and mouse back to this machine", deactivate},
    Verb{"toggle", "", "deactivate if a VM is active, else activate", toggle},
    Verb{"targets", "[--json] [--names]", "the VMs of the configuration and their connections",
         targets},
    Verb{"devices", "[--json]", "input devices: which are used, which not, and why", devices},
    Verb{"displays", "[--json] [--names]",
         "monitors: where they are, and whether they can be switched", displays},
    Verb{"ddc get", "DISPLAY [VCP]", "what a monitor says of its input, or of another feature",
         ddc_get},
    Verb{"ddc set", "DISPLAY VCP VALUE", "a monitor to another input: hdmi-1, 0x11", ddc_set},
    Verb{"ddc capabilities", "DISPLAY", "what a monitor says it can do", ddc_capabilities},
    Verb{"ddc probe", "DISPLAY", "whether a monitor answers, and the inputs it may have",
         ddc_probe},
    Verb{"ddc test-return", "[DISPLAY|TARGET...] [--seconds=N]",
         "which ways bring a monitor home, by trying them", ddc_test_return},
    Verb{"doctor", "[--json]", "what is wrong with the installation, and what to do", doctor},
    Verb{"reload", "", "read the configuration again", reload},
    Verb{"config check", "[FILE]", "check the configuration, or FILE, without a daemon",
         config_check},
};

constexpr std::array kFlags{
    Flag{"--json", "", "one line of JSON, for scripts"},
    Flag{"--names", "", "only the names, one a line"},
    Flag{"--seconds", "N", "how long the guest's input is shown: 1 to 10, else 3"},
    Flag{"--watch", "", "goes on with a line for each change"},
};

} // namespace

std::span<const Verb> verbs() noexcept {
    return kVerbs;
}

std::span<const Flag> flags() noexcept {
    return kFlags;
}

std::vector<Argument> arguments_of(const Verb& verb) {
    std::vector<Argument> arguments;
    std::string_view rest = verb.arguments;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        std::string_view word = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        Argument& argument = arguments.emplace_back();
        argument.needed = !word.starts_with('[');
        if (!argument.needed) {
            word = word.substr(1, word.size() - 2);
        }
        argument.many = word.ends_with("...");
        if (argument.many) {
            word.remove_suffix(3);
        }
        argument.flag = word.starts_with("--");
        const std::size_t equals = std::min(word.find('='), word.size());
        argument.name = word.substr(0, equals);
        argument.value = word.substr(std::min(equals + 1, word.size()));
    }
    return arguments;
}

} // namespace spicykvm::ctl
