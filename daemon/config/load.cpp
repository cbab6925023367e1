// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/load.h"

#include "base/fd.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace spicykvm::config {

namespace {

constexpr std::size_t kMaxDropIns = 256;

enum class Missing { IsEmpty, IsError };

std::string reason(int error) {
    return std::generic_category().message(error);
}

/// At most one byte more than read_text() accepts.
Result<std::string> read_all(const std::string& path) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd.valid()) {
        return fail_errno("can't be read", errno);
    }
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) {
        return fail_errno("can't be read", errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(ErrorCode::InvalidArgument, "can't be read: not a regular file");
    }
    std::string text(kMaxFileSize + 1, '\0');
    std::size_t used = 0;
    while (used < text.size()) {
        const ssize_t got = ::read(fd.get(), text.data() + used, text.size() - used);
        if (got < 0 && errno != EINTR) {
            return fail_errno("can't be read", errno);
        }
        if (got == 0) {
            break;
        }
        used += got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    text.resize(used);
    return text;
}

void read_file(Draft& draft, const std::string& path, Missing missing,
               std::vector<std::string>& files) {
    const auto text = read_all(path);
    if (text) {
        files.push_back(path);
        read_text(draft, path, *text);
    } else if (missing == Missing::IsError || text.error().code != ErrorCode::NotFound) {
        const bool denied = text.error().code == ErrorCode::AccessDenied;
        draft.diagnostics.error({path}, "",
                                text.error().message + (denied ? "; root can read it" : ""));
    }
}

std::vector<std::string> drop_ins(Draft& draft, const std::string& directory) {
    using Closer = int (*)(DIR*);
    const std::unique_ptr<DIR, Closer> dir(::opendir(directory.c_str()), ::closedir);
    std::vector<std::string> paths;
    if (dir == nullptr) {
        if (errno != ENOENT) {
            draft.diagnostics.error({directory}, "", "can't be read: " + reason(errno));
        }
        return paths;
    }
    while (const dirent* entry = ::readdir(dir.get())) {
        const std::string_view name = entry->d_name;
        if (name.ends_with(".toml") && !name.starts_with('.') && paths.size() <= kMaxDropIns) {
            paths.push_back(directory + "/" + std::string(name));
        }
    }
    if (paths.size() > kMaxDropIns) {
        draft.diagnostics.error({directory}, "", "too many files; allowed: 256");
        paths.clear();
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

/// Returns what was read.
std::vector<std::string> read_files(Draft& draft, const Options& options,
                                    const std::string& directory) {
    std::vector<std::string> files;
    if (options.file) {
        read_file(draft, *options.file, Missing::IsError, files);
        return files;
    }
    read_file(draft, directory + "/config.toml", Missing::IsEmpty, files);
    for (const std::string& path : drop_ins(draft, directory + "/conf.d")) {
        read_file(draft, path, Missing::IsError, files);
    }
    return files;
}

void put_hotkeys(Draft& draft, const HotkeyList& given, HotkeyList& list, const std::string& key) {
    if (!given.empty()) {
        list = given;
        draft.places[key] = {kCommandLine};
    }
}

void put_target(Draft& draft, const TargetConfig& given) {
    Config& config = draft.config;
    if (const auto known = find_target(config, given.name)) {
        config.targets[core::index(*known)] = given;
    } else if (config.targets.size() < kMaxTargets) {
        config.targets.push_back(given);
    } else {
        draft.diagnostics.error({kCommandLine}, "", "too many targets; allowed: 64");
    }
    config.daemon.default_target = given.name;
    for (const char* key : {"", ".name", ".uri", ".hotkey", ".password"}) {
        draft.places["target." + given.name + key] = {kCommandLine};
    }
}

void put_overlay(Draft& draft, const Options& options) {
    const Overlay& overlay = options.overlay;
    if (overlay.target) {
        put_target(draft, *overlay.target);
    }
    put_hotkeys(draft, overlay.toggle, draft.config.hotkeys.toggle, "hotkeys.toggle");
    put_hotkeys(draft, overlay.home, draft.config.hotkeys.home, "hotkeys.home");
    if (overlay.devices) {
        draft.config.input.devices = *overlay.devices;
    }
    if (overlay.log_level) {
        draft.config.daemon.log_level = *overlay.log_level;
    }
    for (const Diagnostic& warning : options.warnings) {
        draft.diagnostics.warning(warning.place, warning.key, warning.text);
    }
}

} // namespace

std::string Loaded::errors() const {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        if (diagnostic.severity == Severity::Error) {
            text += (text.empty() ? "" : "\n") + to_string(diagnostic);
        }
    }
    return text;
}

std::string Loaded::summary() const {
    const auto count = [](std::size_t number, const std::string& noun) {
        return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
    };
    return count(files.size(), "file") + ", " + count(config.targets.size(), "target") + ", " +
           count(hotkey_table(config).hotkeys.size(), "hotkey");
}

Loaded load(const Options& options, const TargetCheck& target_check, std::string_view directory) {
    Draft draft;
    Loaded loaded;
    loaded.files = read_files(draft, options, std::string(directory));
    put_overlay(draft, options);
    check_whole(draft, target_check);
    check_system(draft);
    loaded.ok = !draft.diagnostics.has_errors();
    loaded.diagnostics = draft.diagnostics.sorted();
    loaded.config = std::move(draft.config);
    return loaded;
}

} // namespace spicykvm::config
