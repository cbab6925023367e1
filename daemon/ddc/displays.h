// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "base/event_loop.h"
#include "ddc/bus_timing.h"
#include "ddc/display_operation.h"
#include "ddc/helper_client.h"

#include <cstdint>
#include <deque>
#include <memory>

namespace spicykvm::ddc {

/// The monitors for people who set up a switch, by the helper: one operation after the other, and
/// none during a switch, which must not wait for them. Its functions are those of
/// core::DisplaysPort. Main loop.
class Displays final {
  public:
    /// `client` must outlive it.
    Displays(EventLoop& loop, HelperClient& client);
    Displays(const Displays&) = delete;
    Displays& operator=(const Displays&) = delete;
    /// Forgets who still waits.
    ~Displays();

    /// True: a switch begins. Whoever waits gets Cancelled, and later calls Busy until it is false
    /// again. A request that the helper has already is not waited for.
    void set_switching(bool switching);

    /// What list() says of the configuration.
    void configure(std::vector<TargetMonitors> targets) { targets_ = std::move(targets); }

    void list(core::DisplaysPort::ListDone done);
    void get(std::string_view display, std::uint8_t feature, core::DisplaysPort::GetDone done);
    [[nodiscard]] static Result<std::uint16_t> check(std::uint8_t feature, std::string_view text);
    void set(std::string_view display, std::uint8_t feature, std::uint16_t value,
             core::DisplaysPort::SetDone done);
    /// The input that a monitor of the configuration says it shows. `seen`, shared with the caller:
    /// where it was, in case that it looks unplugged.
    void get_input(const MonitorSettings& monitor, std::shared_ptr<std::optional<Display>> seen,
                   core::DisplaysPort::GetDone done);
    void capabilities(std::string_view display, core::DisplaysPort::CapabilitiesDone done);

    static constexpr std::size_t kMaxOperations = 32;
    /// For one operation. The longest capabilities take half of it.
    static constexpr Milliseconds kLimit{60000};

    /// For tests of what happens when it is over.
    void set_limit(Milliseconds limit) { limit_ = limit; }

  private:
    void submit(std::unique_ptr<DisplayOperation> operation);
    void go_on();
    void on_time();
    void on_reply(const Request& request, std::uint64_t generation, const Result<Reply>& reply);

    HelperClient& client_;
    std::vector<TargetMonitors> targets_;
    Milliseconds limit_ = kLimit;
    bool switching_ = false;
    std::deque<std::unique_ptr<DisplayOperation>> operations_; ///< the first is under way
    ListOperation* listing_ = nullptr;                         ///< in operations_
    TimePoint started_;                                        ///< the first of operations_
    bool in_flight_ = false;
    std::uint64_t generation_ = 0; ///< of operations_; a reply for an older one is late
    Timer timer_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true); ///< shared with pending replies
};

} // namespace spicykvm::ddc
