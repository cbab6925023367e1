// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
// Everything a server says on a linked main channel.
#include "base/text.h"
#include "fuzz/target.h"
#include "spice/main_reader.h"

namespace spicykvm::fuzz {

namespace {

class Listener final : public spice::MainObserver {
  private:
    void on_init(const spice::MainInit&) override {}
    void on_channels(const spice::ChannelsList& list) override {
        require(list.pairs.size() % 2 == 0);
        (void)list.has(spice::ChannelType::Inputs);
    }
    void on_mouse_mode(const spice::MouseMode&) override {}
    void on_name(const spice::MainName& name) override {
        require(printable(name.name).size() <= 255);
    }
    void on_uuid(const spice::MainUuid&) override {}
    void on_remark(const std::string& remark) override { require(remark.size() < 512); }
};

} // namespace

void run(std::span<const std::uint8_t> input) {
    spice::OutBuffer out(4096);
    Listener listener;
    spice::MainReader reader(out, listener);
    const bool good = reader.feed(input);
    require(good == reader.error().empty());
}

} // namespace spicykvm::fuzz
