// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/password.h"

#include "base/fd.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string.h> // explicit_bzero
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace spicykvm::config {

namespace {

void strip_newline(std::string& text) {
    if (text.ends_with('\n')) {
        text.pop_back();
    }
}

/// Reads at most kMaxPassword bytes and one newline.
Result<std::string> read_text(const Fd& fd, const std::string& what) {
    std::string text(kMaxPassword + 2, '\0');
    std::size_t used = 0;
    while (used < text.size()) {
        const ssize_t got = ::read(fd.get(), text.data() + used, text.size() - used);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            const int error = errno;
            wipe(text);
            return fail_errno(what, error);
        }
        if (got == 0) {
            break;
        }
        used += static_cast<std::size_t>(got);
    }
    text.resize(used); // shrinks in place: no copy of the secret is left behind
    strip_newline(text);
    if (text.size() > kMaxPassword) {
        wipe(text);
        return fail(ErrorCode::InvalidArgument, what + ": longer than 4096 bytes");
    }
    return text;
}

Result<std::string> read_file(const std::string& path, const std::string& what) {
    // Not blocking: a FIFO put in the file's place must not stop the main loop.
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!fd.valid()) {
        return fail_errno(what, errno);
    }
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) {
        return fail_errno(what, errno);
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(ErrorCode::InvalidArgument, what + ": not a regular file");
    }
    return read_text(fd, what);
}

} // namespace

void wipe(std::string& secret) noexcept {
    secret.resize(secret.capacity()); // within the capacity: does not allocate
    ::explicit_bzero(secret.data(), secret.size());
    secret.clear();
}

PasswordSource::~PasswordSource() {
    if (kind_ == Kind::Literal) {
        wipe(where_);
    }
}

PasswordSource PasswordSource::credential(std::string name) {
    return {Kind::Credential, std::move(name)};
}

PasswordSource PasswordSource::file(std::string path) {
    return {Kind::File, std::move(path)};
}

PasswordSource PasswordSource::env(std::string variable) {
    return {Kind::Env, std::move(variable)};
}

PasswordSource PasswordSource::literal(std::string password) {
    return {Kind::Literal, std::move(password)};
}

std::string PasswordSource::describe() const {
    switch (kind_) {
    case Kind::None:
        return "no password";
    case Kind::Credential:
        return "credential \"" + where_ + "\"";
    case Kind::File:
        return "file \"" + where_ + "\"";
    case Kind::Env:
        return "environment variable " + where_;
    case Kind::Literal:
        return "command line";
    }
    return {};
}

std::string PasswordSource::path() const {
    if (kind_ == Kind::File) {
        return where_;
    }
    const char* directory = ::getenv("CREDENTIALS_DIRECTORY");
    if (kind_ != Kind::Credential || directory == nullptr) {
        return {};
    }
    return std::string(directory) + "/" + where_;
}

Result<std::string> PasswordSource::read() const {
    const std::string what = "read the password from " + describe();
    switch (kind_) {
    case Kind::None:
        return std::string();
    case Kind::Literal:
        return where_;
    case Kind::File:
        return read_file(where_, what);
    case Kind::Credential: {
        const std::string file = path();
        if (file.empty()) {
            return fail(ErrorCode::NotFound,
                        what +
                            ": the service was started without credentials; add LoadCredential=" +
                            where_ + ":/path to its unit");
        }
        return read_file(file, what);
    }
    case Kind::Env: {
        const char* value = ::getenv(where_.c_str());
        if (value == nullptr) {
            return fail(ErrorCode::NotFound, what + ": it is not set");
        }
        std::string text(value);
        strip_newline(text);
        if (text.size() > kMaxPassword) {
            wipe(text);
            return fail(ErrorCode::InvalidArgument, what + ": longer than 4096 bytes");
        }
        return text;
    }
    }
    return fail(ErrorCode::Failed, what);
}

} // namespace spicykvm::config
