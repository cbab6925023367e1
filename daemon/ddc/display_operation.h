// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/displays_port.h"
#include "ddc/capabilities_reader.h"
#include "ddc/configured_monitors.h"
#include "ddc/display_scan.h"
#include "ddc/feature_request.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace spicykvm::ddc {

/// The display that `address` means: a connector as in MonitorCriteria, or "i2c-5", which then is
/// its only bus. It has a bus. NotFound names what there is; NotSupported: a panel, which DDC can
/// harm, or a place without bus.
[[nodiscard]] Result<Display> find_display(std::string_view address,
                                           std::span<const Display> displays);

/// One thing to be found out from or done to monitors: a scan, then steps at one display after the
/// other. Pure: the owner sends next() when it is due and gives back the reply, until it is
/// finished; then answer(), once.
class DisplayOperation {
  public:
    /// `wanted`: monitors to look for beside those that are easily seen.
    explicit DisplayOperation(std::vector<MonitorCriteria> wanted = {});
    DisplayOperation(const DisplayOperation&) = delete;
    DisplayOperation& operator=(const DisplayOperation&) = delete;
    virtual ~DisplayOperation() = default;

    [[nodiscard]] bool finished() const noexcept { return finished_; }
    /// When the next request may be sent, if its bus has had its rest. Only while not finished().
    [[nodiscard]] TimePoint due() const;
    [[nodiscard]] Request next() const;
    void on_reply(const Result<Reply>& reply, TimePoint now);

    virtual void answer() = 0;
    /// Answers with `error`, at any time before answer().
    virtual void give_up(const Error& error) = 0;

  protected:
    using Step = std::variant<FeatureRequest, CapabilitiesReader>;

    /// The scan is finished: begins a step, or ends.
    virtual void on_scanned(const std::vector<Display>& displays, TimePoint now) = 0;
    /// Without a scan there is nothing to do.
    virtual void on_scan_failed(const Error& error) = 0;
    /// The step has finished: begins the next one, or ends.
    virtual void on_step_finished(const Step& step, TimePoint now) = 0;

    void begin(Step step) { step_.emplace(std::move(step)); }
    void end() noexcept { finished_ = true; }
    [[nodiscard]] const std::optional<Step>& step() const noexcept { return step_; }

  private:
    void on_scan_reply(const Result<Reply>& reply, TimePoint now);

    DisplayScan scan_;
    std::optional<Step> step_;
    bool finished_ = false;
};

class ListOperation final : public DisplayOperation {
  public:
    /// `configured`: of which monitors the list says where they are.
    explicit ListOperation(std::vector<TargetMonitors> configured = {})
        : DisplayOperation(criteria_of(configured)), configured_(std::move(configured)) {}

    /// One more who waits for the same answer.
    void add(core::DisplaysPort::ListDone done) { waiting_.push_back(std::move(done)); }

    void answer() override { answer(std::move(displays_)); }
    void give_up(const Error& error) override { answer(Failure(error)); }

  private:
    void on_scanned(const std::vector<Display>& displays, TimePoint now) override;
    void on_scan_failed(const Error& error) override;
    void on_step_finished(const Step& step, TimePoint now) override;
    void go_on(TimePoint now);
    void answer(Result<std::vector<core::DisplayStatus>> displays);

    std::vector<core::DisplaysPort::ListDone> waiting_;
    std::vector<TargetMonitors> configured_;
    std::vector<Display> found_;
    std::size_t position_ = 0; ///< in found_, of the one that is asked
    Result<std::vector<core::DisplayStatus>> displays_;
};

/// Finds the display that is meant among those that there are.
using FindDisplay = std::function<Result<Display>(std::span<const Display>)>;

/// What is done at one display: a get, a set or a reading of the capabilities.
class OneDisplayOperation : public DisplayOperation {
  protected:
    explicit OneDisplayOperation(std::string_view address)
        : find_([address = std::string(address)](std::span<const Display> displays) {
              return find_display(address, displays);
          }) {}
    OneDisplayOperation(FindDisplay find, std::vector<MonitorCriteria> wanted)
        : DisplayOperation(std::move(wanted)), find_(std::move(find)) {}

    [[nodiscard]] virtual Step first_step(const Display& display, TimePoint now) const = 0;
    /// Why there is no step to ask.
    [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

  private:
    void on_scanned(const std::vector<Display>& displays, TimePoint now) override;
    void on_scan_failed(const Error& error) override;
    void on_step_finished(const Step&, TimePoint) override { end(); }

    FindDisplay find_;
    std::optional<Error> error_;
};

class GetOperation final : public OneDisplayOperation {
  public:
    GetOperation(std::string_view address, VcpCode feature, core::DisplaysPort::GetDone done)
        : OneDisplayOperation(address), feature_(feature), done_(std::move(done)) {}
    /// The input of the display that `find` finds, where the scan looks for `wanted`.
    GetOperation(FindDisplay find, std::vector<MonitorCriteria> wanted,
                 core::DisplaysPort::GetDone done)
        : OneDisplayOperation(std::move(find), std::move(wanted)), feature_(VcpCode::InputSource),
          done_(std::move(done)) {}

    void answer() override;
    void give_up(const Error& error) override { done_(Failure(error)); }

  private:
    [[nodiscard]] Step first_step(const Display& display, TimePoint now) const override;

    VcpCode feature_;
    core::DisplaysPort::GetDone done_;
};

class SetOperation final : public OneDisplayOperation {
  public:
    SetOperation(std::string_view address, VcpCode feature, std::uint16_t value,
                 core::DisplaysPort::SetDone done)
        : OneDisplayOperation(address), feature_(feature), value_(value), done_(std::move(done)) {}

    void answer() override;
    void give_up(const Error& error) override;

  private:
    [[nodiscard]] Step first_step(const Display& display, TimePoint now) const override;

    VcpCode feature_;
    std::uint16_t value_;
    core::DisplaysPort::SetDone done_;
};

class CapabilitiesOperation final : public OneDisplayOperation {
  public:
    CapabilitiesOperation(std::string_view address, core::DisplaysPort::CapabilitiesDone done)
        : OneDisplayOperation(address), done_(std::move(done)) {}

    void answer() override;
    void give_up(const Error& error) override { done_(Failure(error)); }

  private:
    [[nodiscard]] Step first_step(const Display& display, TimePoint now) const override;

    core::DisplaysPort::CapabilitiesDone done_;
};

} // namespace spicykvm::ddc
