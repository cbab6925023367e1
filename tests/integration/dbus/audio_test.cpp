// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// org.spicykvm.Audio over fake channels: who gets a socket, and when he loses it.
#include "fixture.h"
#include "support/fake_polkit.h"

#include <gmock/gmock.h>

namespace spicykvm::test {
namespace {

using core::AudioKind;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using Answer = FakePolkit::Answer;

BusClient::Append channel(const char* target, const char* kind) {
    return [=](sd_bus_message* message) { sd_bus_message_append(message, "ss", target, kind); };
}

BusClient::Append report(const char* state) {
    return [=](sd_bus_message* message) {
        sd_bus_message_append(message, "ssa{sv}", "win11", "playback", 2, "state", "s", state,
                              "underruns", "t", std::uint64_t{7});
    };
}

core::AudioChannel listed(const char* target, AudioKind kind) {
    core::AudioChannel channel;
    channel.target = target;
    channel.kind = kind;
    channel.description = "Windows";
    channel.settings.when = core::AudioWhen::Always;
    return channel;
}

class AudioOnBus : public BusTest {
  protected:
    void SetUp() override {
        BusTest::SetUp();
        if (!IsSkipped()) {
            polkit.emplace(Answer::Yes);
            host.emplace();
            host->with_audio([](FakeAudioPort& port) {
                port.channels = {listed("win11", AudioKind::Playback),
                                 listed("win11", AudioKind::Record)};
            });
            alice.emplace(kAlice);
            bob.emplace(kBob);
        }
    }

    /// Reads "audio" of Status(): of each channel "target kind open state".
    std::vector<std::string> status() {
        const auto reply = bob->ask(manager("Status"));
        std::vector<std::string> list;
        sd_bus_message_enter_container(reply.get(), 'a', "{sv}");
        while (sd_bus_message_enter_container(reply.get(), 'e', "sv") > 0) {
            const char* key = nullptr;
            sd_bus_message_read(reply.get(), "s", &key);
            if (std::string_view(key) == "audio") {
                read_channels(reply.get(), list);
            } else {
                sd_bus_message_skip(reply.get(), "v");
            }
            sd_bus_message_exit_container(reply.get());
        }
        return list;
    }

    std::optional<FakePolkit> polkit;
    std::optional<ServiceHost> host;
    std::optional<BusClient> alice;
    std::optional<BusClient> bob;

  private:
    static void read_channels(sd_bus_message* reply, std::vector<std::string>& list) {
        sd_bus_message_enter_container(reply, 'v', "aa{sv}");
        sd_bus_message_enter_container(reply, 'a', "a{sv}");
        while (sd_bus_message_enter_container(reply, 'a', "{sv}") > 0) {
            std::map<std::string, std::string> entry;
            while (sd_bus_message_enter_container(reply, 'e', "sv") > 0) {
                const char* key = nullptr;
                const char* contents = nullptr;
                sd_bus_message_read(reply, "s", &key);
                sd_bus_message_peek_type(reply, nullptr, &contents);
                if (std::string_view(contents) == "s") {
                    const char* text = nullptr;
                    sd_bus_message_read(reply, "v", "s", &text);
                    entry[key] = text;
                } else if (std::string_view(contents) == "b") {
                    int flag = 0;
                    sd_bus_message_read(reply, "v", "b", &flag);
                    entry[key] = flag != 0 ? "open" : "shut";
                } else {
                    sd_bus_message_skip(reply, "v");
                }
                sd_bus_message_exit_container(reply);
            }
            list.push_back(entry["target"] + " " + entry["kind"] + " " + entry["open"] +
                           (entry.contains("state") ? " " + entry["state"] : ""));
            sd_bus_message_exit_container(reply);
        }
        sd_bus_message_exit_container(reply);
        sd_bus_message_exit_container(reply);
    }
};

TEST_F(AudioOnBus, HandsTheSocketOver) {
    const auto reply = alice->ask(audio("OpenChannel"), channel("win11", "playback"));
    int socket = -1;
    ASSERT_GT(sd_bus_message_read(reply.get(), "h", &socket), 0);
    ASSERT_EQ(::send(socket, "x", 1, MSG_NOSIGNAL), 1);
    host->with_audio(
        [](FakeAudioPort& port) { EXPECT_THAT(port.socket.read_peer(), ElementsAre('x')); });
    EXPECT_EQ(polkit->question(0).action, "org.spicykvm.Manager.audio");
    EXPECT_THAT(status(), ElementsAre("win11 playback open", "win11 record shut"));
}

TEST_F(AudioOnBus, ListsTheChannelsAndTheirChanges) {
    bob->listen();
    host->with_audio([](FakeAudioPort& port) { port.change({port.channels.front()}); });
    bob->sync();
    EXPECT_THAT(bob->changes,
                ElementsAre(PropertyChange{dbus::kManagerPath, kAudioInterface, {"Channels"}}));
    const auto reply = bob->ask({dbus::kManagerPath, "org.freedesktop.DBus.Properties", "Get"},
                                channel(kAudioInterface, "Channels"));
    EXPECT_TRUE(sd_bus_message_has_signature(reply.get(), "v"));
    const char* contents = nullptr;
    sd_bus_message_peek_type(reply.get(), nullptr, &contents);
    EXPECT_STREQ(contents, "a(ssa{sv})");
}

TEST_F(AudioOnBus, NobodyIsAskedForAPassword) {
    polkit->set_answer(Answer::Password);
    alice->let_ask_password(true);
    EXPECT_EQ(alice->call(audio("OpenChannel"), channel("win11", "playback")).error,
              dbus::kErrorInteractionRequired);
    EXPECT_FALSE(polkit->question(0).interactive);
    polkit->set_answer(Answer::No);
    EXPECT_EQ(alice->call(audio("OpenChannel"), channel("win11", "playback")).error,
              dbus::kErrorAccessDenied);
    EXPECT_THAT(host->audio_asked(), IsEmpty());
}

TEST_F(AudioOnBus, WhatIsNotThereIsNotOpened) {
    EXPECT_EQ(alice->call(audio("OpenChannel"), channel("work", "playback")).error,
              "org.spicykvm.Error.NotFound");
    EXPECT_EQ(alice->call(audio("OpenChannel"), channel("win11", "video")).error,
              dbus::kErrorInvalidArgs);
    EXPECT_THAT(host->audio_asked(), IsEmpty());
}

TEST_F(AudioOnBus, OneProcessHasAChannel) {
    EXPECT_EQ(alice->call(audio("OpenChannel"), channel("win11", "playback")).error, "");
    EXPECT_EQ(bob->call(audio("OpenChannel"), channel("win11", "playback")).error,
              "org.spicykvm.Error.Busy");
    EXPECT_EQ(bob->call(audio("OpenChannel"), channel("win11", "record")).error, "");
    EXPECT_EQ(alice->call(audio("OpenChannel"), channel("win11", "playback")).error, "")
        << "its owner may ask for a new one";
}

TEST_F(AudioOnBus, WhoLeavesTheBusLosesIt) {
    EXPECT_EQ(alice->call(audio("OpenChannel"), channel("win11", "playback")).error, "");
    alice.reset();
    bob->sync();
    EXPECT_THAT(host->audio_asked(), ElementsAre("open win11 playback", "close win11 playback"));
    EXPECT_EQ(bob->call(audio("OpenChannel"), channel("win11", "playback")).error, "");
}

TEST_F(AudioOnBus, WhoLeavesBeforeItIsLinkedDoesNotGetIt) {
    host->with_audio([](FakeAudioPort& port) { port.hold = true; });
    (void)alice->start(audio("OpenChannel"), channel("win11", "playback"));
    bob->sync();
    (void)polkit->question(0);
    while (host->audio_asked().empty()) {
        bob->sync();
    }
    alice.reset();
    bob->sync();
    host->with_audio([](FakeAudioPort& port) { port.finish(); });
    EXPECT_THAT(host->audio_asked(),
                ElementsAre("open win11 playback", "close win11 playback", "close win11 playback"));
    EXPECT_THAT(status(), ElementsAre("win11 playback shut", "win11 record shut"));
}

TEST_F(AudioOnBus, WhoIsNoLongerActiveLosesIt) {
    EXPECT_EQ(alice->call(audio("OpenChannel"), channel("win11", "playback")).error, "");
    EXPECT_EQ(bob->call(audio("OpenChannel"), channel("win11", "record")).error, "");
    polkit->emit_changed();
    (void)polkit->question(3); // both again, and both may
    bob->sync();
    EXPECT_THAT(host->audio_asked(), ElementsAre("open win11 playback", "open win11 record"));

    polkit->set_answer(Answer::Error); // polkit's own trouble changes nothing
    polkit->emit_changed();
    (void)polkit->question(5);
    bob->sync();
    EXPECT_THAT(host->audio_asked(), ElementsAre("open win11 playback", "open win11 record"));

    polkit->set_answer(Answer::No);
    polkit->emit_changed();
    (void)polkit->question(7);
    while (host->audio_asked().size() < 4) {
        bob->sync();
    }
    EXPECT_THAT(host->audio_asked(), Contains("close win11 playback"));
    EXPECT_THAT(host->audio_asked(), Contains("close win11 record"));
    EXPECT_THAT(status(), ElementsAre("win11 playback shut", "win11 record shut"));
}

TEST_F(AudioOnBus, AFailureIsToldAndLeavesNoOwner) {
    host->with_audio([](FakeAudioPort& port) {
        port.failure = Error{ErrorCode::WrongPassword, "the ticket has expired"};
    });
    const auto failed = alice->call(audio("OpenChannel"), channel("win11", "playback"));
    EXPECT_EQ(failed.error, "org.spicykvm.Error.WrongPassword");
    EXPECT_EQ(failed.message, "the ticket has expired");
    EXPECT_THAT(status(), ElementsAre("win11 playback shut", "win11 record shut"));
}

TEST_F(AudioOnBus, ItsOwnerAloneReports) {
    EXPECT_EQ(alice->call(audio("OpenChannel"), channel("win11", "playback")).error, "");
    EXPECT_EQ(alice->call(audio("Report"), report("running")).error, "");
    EXPECT_EQ(bob->call(audio("Report"), report("idle")).error, "org.spicykvm.Error.NotFound");
    EXPECT_THAT(status(), ElementsAre("win11 playback open running", "win11 record shut"));
    host->with_audio([](FakeAudioPort& port) { port.change({}); });
    EXPECT_EQ(alice->call(audio("Report"), report("running")).error, "org.spicykvm.Error.NotFound");
    EXPECT_THAT(status(), IsEmpty());
}

TEST_F(AudioOnBus, WithoutAPortThereIsNone) {
    host.reset();
    host.emplace(ServiceSettings{.has_audio = false});
    EXPECT_EQ(alice->call(audio("OpenChannel"), channel("win11", "playback")).error,
              "org.spicykvm.Error.NotSupported");
    EXPECT_THAT(status(), IsEmpty());
}

} // namespace
} // namespace spicykvm::test
