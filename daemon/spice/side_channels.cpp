// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spice/side_channels.h"

#include "base/log.h"

#include <algorithm>
#include <poll.h>
#include <sys/socket.h>

namespace spicykvm::spice {

namespace {

/// What waits unread is stale sound: 170 ms of it, instead of a second and more.
constexpr int kReceiveBuffer = 32 * 1024;

LinkHello hello_of(ChannelType type, std::uint32_t session) {
    // Raw samples and the guest's volume; no Opus (6.5 ms), no latency messages (for video).
    static_assert(int{SPICE_PLAYBACK_CAP_VOLUME} == int{SPICE_RECORD_CAP_VOLUME});
    return {.channel = type,
            .session = session,
            .channel_capabilities = capability(SPICE_PLAYBACK_CAP_VOLUME)};
}

bool is_alive(const Fd& socket) {
    pollfd poll{socket.get(), POLLRDHUP, 0};
    return ::poll(&poll, 1, 0) == 0;
}

} // namespace

/// One link under way.
class SideChannels::Attempt {
  public:
    Attempt(SideChannels& owner, ChannelType type, Password password, Callback callback)
        : type_(type), password_(std::move(password)), callback_(std::move(callback)),
          opener_(owner.loop_, owner.target_, {.hello = hello_of(type, owner.origin_.session)},
                  password_,
                  [this, &owner](Result<ChannelOpener::Opened> opened) {
                      owner.finish(*this, std::move(opened).map([](auto&& channel) {
                          const int size = kReceiveBuffer;
                          (void)::setsockopt(channel.socket.get(), SOL_SOCKET, SO_RCVBUF, &size,
                                             sizeof size);
                          return std::move(channel.socket);
                      }));
                  }),
          deadline_(owner.loop_, [this, &owner] {
              const auto timeout = owner.origin_.timeout;
              owner.finish(*this, tl::make_unexpected(opener_.timed_out(timeout)));
          }) {
        deadline_.arm_after(owner.origin_.timeout);
    }

    [[nodiscard]] ChannelType type() const noexcept { return type_; }
    /// Nobody waits for it yet.
    [[nodiscard]] bool is_ahead() const noexcept { return !callback_; }
    void give_to(Callback callback) { callback_ = std::move(callback); }
    void answer(Result<Fd> result) const { callback_(std::move(result)); }

  private:
    const ChannelType type_;
    const Password password_;
    Callback callback_;
    ChannelOpener opener_;
    Timer deadline_;
};

SideChannels::SideChannels(EventLoop& loop, const ConnectTarget& target, const Origin& origin,
                           ReadPassword read_password)
    : loop_(loop), target_(target), origin_(origin), read_password_(std::move(read_password)) {}

SideChannels::~SideChannels() {
    while (!attempts_.empty()) {
        finish(*attempts_.front(),
               fail(ErrorCode::Disconnected, "connection to " + target_.address + ": ended"));
    }
}

SideChannels::Attempt* SideChannels::ahead(ChannelType type) const noexcept {
    const auto found = std::find_if(attempts_.begin(), attempts_.end(), [&](const auto& attempt) {
        return attempt->type() == type && attempt->is_ahead();
    });
    return found == attempts_.end() ? nullptr : found->get();
}

void SideChannels::link_ahead(ChannelType type) {
    if (!spares_.contains(type) && ahead(type) == nullptr) {
        start(type, nullptr);
    }
}

void SideChannels::drop_spare(ChannelType type) {
    spares_.erase(type);
    std::erase_if(attempts_, [unwanted = ahead(type)](const auto& attempt) {
        return attempt.get() == unwanted;
    });
}

void SideChannels::open(ChannelType type, Callback callback) {
    if (Fd spare = take_spare(type); spare.valid()) {
        callback(std::move(spare));
    } else if (Attempt* const attempt = ahead(type)) {
        attempt->give_to(std::move(callback));
    } else {
        start(type, std::move(callback));
    }
}

Fd SideChannels::take_spare(ChannelType type) {
    auto spare = spares_.extract(type);
    return spare && is_alive(spare.mapped()) ? std::move(spare.mapped()) : Fd();
}

void SideChannels::start(ChannelType type, Callback callback) {
    auto password = read_password_();
    if (!password) {
        return callback ? callback(tl::make_unexpected(std::move(password.error()))) : void();
    }
    attempts_.push_back(
        std::make_unique<Attempt>(*this, type, std::move(*password), std::move(callback)));
}

void SideChannels::finish(const Attempt& attempt, Result<Fd> result) {
    const auto found = std::find_if(attempts_.begin(), attempts_.end(),
                                    [&](const auto& other) { return other.get() == &attempt; });
    const auto ended = std::move(*found);
    attempts_.erase(found);
    if (!ended->is_ahead()) {
        ended->answer(std::move(result));
    } else if (result) {
        spares_.insert_or_assign(ended->type(), std::move(*result));
    } else {
        log("spice").debug("{} channel of {}: {}, will be tried when it is wanted",
                           to_string(ended->type()), target_.address, result.error().message);
    }
}

} // namespace spicykvm::spice
