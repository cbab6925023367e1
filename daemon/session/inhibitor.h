// SPDX-FileCopyrightText: 2026 The spicykvm authors
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace spicykvm::session {

/// Something that is to be held for a while, and is asked for asynchronously; at most one question
/// is under way. Loop thread only.
///
///     idle --want--> asked for --granted--> held --unwanted--> idle
///      ^                 |--granted, and unwanted meanwhile: let go--^
///      '----refused------'   (asked for again when it is wanted anew)
class Inhibitor {
  public:
    /// `name`: who grants it, for the log.
    explicit Inhibitor(std::string name) : name_(std::move(name)) {}
    Inhibitor(const Inhibitor&) = delete;
    Inhibitor& operator=(const Inhibitor&) = delete;
    virtual ~Inhibitor() = default;

    void want(bool wanted);

  protected:
    void granted();
    /// Said once; what follows may be the same each time.
    void refused(const std::string& why);

  private:
    /// Answered by granted() or refused(), from the loop or from inside the call.
    virtual void ask() = 0;
    virtual void let_go() = 0;

    enum class State { Idle, Asked, Held };

    const std::string name_;
    State state_ = State::Idle;
    bool wanted_ = false;
    bool complained_ = false;
};

} // namespace spicykvm::session
