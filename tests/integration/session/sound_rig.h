// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "session/sound_channel.h"
#include "spice/channel_opener.h"
#include "spice/connector.h"
#include "support/fake_sound_server.h"
#include "support/session_client.h"
#include "support/socket_folder.h"
#include "support/spice_server.h"
#include "support/spice_sound.h"

#include <gtest/gtest.h>
#include <memory>
#include <spice/protocol.h>
#include <vector>

namespace spicykvm::test {

/// A real server with a sound card; its channels are linked as the daemon links them; a sound
/// server of the test. Over a unix socket or TCP.
class SoundRig : public testing::TestWithParam<bool> {
  protected:
    SoundRig() {
        SpiceServerSettings settings;
        settings.has_sound = true;
        if (GetParam()) {
            settings.unix_path = folder_.socket();
        }
        server = std::make_unique<SpiceServer>(settings);
        client = std::make_unique<SessionClient>(client_settings(server->uri()));
    }

    /// As the daemon does for OpenChannel.
    Fd link(spice::ChannelType type) {
        if (client->session().connection() == nullptr && !client->connect()) {
            throw std::runtime_error("connect");
        }
        const spice::ConnectTarget target{*spice::parse_endpoint(server->uri()), server->uri(),
                                          false, std::nullopt};
        const spice::Password password;
        const spice::LinkHello hello{.channel = type,
                                     .session = client->session().connection()->session(),
                                     .channel_capabilities =
                                         spice::capability(SPICE_PLAYBACK_CAP_VOLUME)};
        static_assert(static_cast<int>(SPICE_PLAYBACK_CAP_VOLUME) ==
                      static_cast<int>(SPICE_RECORD_CAP_VOLUME));
        std::optional<Result<spice::ChannelOpener::Opened>> answer;
        const spice::ChannelOpener opener(loop(), target, {.hello = hello}, password,
                                          [&](auto opened) { answer = std::move(opened); });
        if (!run_until([&] { return answer.has_value(); }) || !*answer) {
            throw std::runtime_error("link");
        }
        return std::move((*answer)->socket);
    }

    EventLoop& loop() { return client->loop(); }
    bool run_until(const std::function<bool()>& condition) { return client->run_until(condition); }
    session::SoundChannel::Callbacks callbacks() {
        return {[this] { ++changes; }, [this](const Error& error) { ends.push_back(error); }};
    }

  private:
    SocketFolder folder_;

  public:
    std::unique_ptr<SpiceServer> server;
    std::unique_ptr<SessionClient> client;
    FakeSoundServer sound;
    unsigned changes = 0;
    std::vector<Error> ends;
};

} // namespace spicykvm::test
