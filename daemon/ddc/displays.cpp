// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#include "ddc/displays.h"

#include "ddc/vcp.h"

#include <algorithm>

namespace spicykvm::ddc {

namespace {

const Error kSwitching{ErrorCode::Busy, "a switch is under way; try again when it is done"};
const Error kInterrupted{ErrorCode::Cancelled, "a switch began; try again when it is done"};
const Error kTooMany{ErrorCode::Busy, "too many requests for monitors are waiting"};
const Error kTooLong{ErrorCode::Timeout, "the monitor took too long"};

} // namespace

Displays::Displays(EventLoop& loop, HelperClient& client)
    : client_(client), timer_(loop, [this] { on_time(); }) {}

Displays::~Displays() {
    *alive_ = false;
}

void Displays::set_switching(bool switching) {
    switching_ = switching;
    if (!switching) {
        return;
    }
    ++generation_;
    timer_.disarm();
    listing_ = nullptr;
    for (const auto& operation : std::exchange(operations_, {})) {
        operation->give_up(kInterrupted);
    }
}

void Displays::list(core::DisplaysPort::ListDone done) {
    if (listing_ != nullptr) {
        listing_->add(std::move(done));
        return;
    }
    auto operation = std::make_unique<ListOperation>(targets_);
    operation->add(std::move(done));
    ListOperation* const listing = operation.get();
    submit(std::move(operation));
    if (!operations_.empty() && operations_.back().get() == listing) {
        listing_ = listing;
    }
}

void Displays::get(std::string_view display, std::uint8_t feature,
                   core::DisplaysPort::GetDone done) {
    submit(std::make_unique<GetOperation>(display, VcpCode{feature}, std::move(done)));
}

Result<std::uint16_t> Displays::check(std::uint8_t feature, std::string_view text) {
    const auto value = parse_input(text);
    if (!value) {
        return value;
    }
    if (VcpCode{feature} != VcpCode::InputSource && !text.starts_with("0x") &&
        !text.starts_with("0X")) {
        return fail(ErrorCode::InvalidArgument,
                    "names are values of feature 0x60 alone; allowed: 0x0 to 0xffff");
    }
    if (!may_write(VcpCode{feature}, *value)) {
        return fail(ErrorCode::NotSupported,
                    "this feature is not written, because such writes have left monitors dead; "
                    "allowed: 0x60, 0xf4, 0xe5, 0xe7, 0xe8, 0xe9, and 0x1 to 0xd6");
    }
    return value;
}

void Displays::set(std::string_view display, std::uint8_t feature, std::uint16_t value,
                   core::DisplaysPort::SetDone done) {
    submit(std::make_unique<SetOperation>(display, VcpCode{feature}, value, std::move(done)));
}

void Displays::capabilities(std::string_view display, core::DisplaysPort::CapabilitiesDone done) {
    submit(std::make_unique<CapabilitiesOperation>(display, std::move(done)));
}

void Displays::get_input(const MonitorSettings& monitor,
                         std::shared_ptr<std::optional<Display>> seen,
                         core::DisplaysPort::GetDone done) {
    auto find = [monitor,
                 seen = std::move(seen)](std::span<const Display> displays) -> Result<Display> {
        auto found = locate(monitor.match, monitor.bus, displays);
        if (found && !found->buses.empty()) {
            *seen = *found;
        }
        return *seen ? Result<Display>(**seen) : fail(ErrorCode::NotFound, "no such monitor");
    };
    submit(std::make_unique<GetOperation>(std::move(find), std::vector{monitor.match},
                                          std::move(done)));
}

void Displays::submit(std::unique_ptr<DisplayOperation> operation) {
    if (switching_) {
        operation->give_up(kSwitching);
        return;
    }
    if (operations_.size() >= kMaxOperations) {
        operation->give_up(kTooMany);
        return;
    }
    operations_.push_back(std::move(operation));
    if (operations_.size() == 1) {
        started_ = Clock::now();
        go_on();
    }
}

void Displays::go_on() {
    if (in_flight_ || operations_.empty()) {
        return;
    }
    const DisplayOperation& operation = *operations_.front();
    timer_.arm_at(operation.finished()
                      ? TimePoint{}
                      : std::max(operation.due(), client_.timing().earliest(operation.next().bus)));
}

void Displays::on_time() {
    DisplayOperation& operation = *operations_.front();
    const TimePoint now = Clock::now();
    const bool late = now >= started_ + limit_;
    if (!operation.finished() && !late) {
        in_flight_ = true;
        const Request request = operation.next();
        client_.send(request, [this, alive = alive_, request,
                               generation = generation_](const Result<Reply>& reply) {
            if (*alive) {
                on_reply(request, generation, reply);
            }
        });
        return;
    }
    const auto ended = std::move(operations_.front());
    operations_.pop_front();
    listing_ = listing_ == ended.get() ? nullptr : listing_;
    started_ = now;
    ++generation_;
    go_on();
    if (ended->finished()) { // last: who is answered may ask again, or drop this
        ended->answer();
    } else {
        ended->give_up(kTooLong);
    }
}

void Displays::on_reply(const Request& request, std::uint64_t generation,
                        const Result<Reply>& reply) {
    const TimePoint now = Clock::now();
    in_flight_ = false;
    client_.timing().used(request, 1, now);
    if (generation == generation_) {
        operations_.front()->on_reply(reply, now);
    }
    go_on();
}

} // namespace spicykvm::ddc
