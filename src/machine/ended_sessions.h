// The sessions that ended here, and why the last one did (L1, L2, L3).
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "machine/event.h"

namespace bearerkit {

// This tab never takes up one of them again. A few are enough: a write is under way for seconds.
class EndedSessions {
 public:
  void add(std::uint64_t session) {
    if (session == 0 || has(session)) return;
    sessions_[next_++ % std::size(sessions_)] = session;
  }
  bool has(std::uint64_t session) const {
    for (const std::uint64_t ended : sessions_) {
      if (ended == session) return true;
    }
    return false;
  }

  // What the app was told last; none before that.
  void set_reason(SignOutReason reason) {
    reason_ = reason;
    cause_ = 0;
  }
  SignOutReason reason() const { return reason_; }
  // R19: of a refresh that was refused, RefreshCause::packed().
  void set_cause(std::uint32_t cause) { cause_ = cause; }
  std::uint32_t cause() const { return cause_; }

 private:
  std::uint64_t sessions_[16] = {};
  std::size_t next_ = 0;
  SignOutReason reason_ = SignOutReason::none;
  std::uint32_t cause_ = 0;
};

}  // namespace bearerkit
