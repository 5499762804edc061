// The requests under way, and which of them wait. They have ids, so that an id that is out of date
// is recognised.
#pragma once

#include <cstdint>
#include <utility>

#include "machine/answer_table.h"
#include "machine/input.h"
#include "machine/instruction.h"
#include "machine/list.h"
#include "machine/waiter_table.h"

namespace bearerkit {

struct Request {
  std::uint64_t session = 0;     // the session it belongs to; 0: begun before the storage was read
  std::uint32_t generation = 0;  // of the token it was sent with
  std::uint32_t flags = 0;       // RequestFlag bits
  RequestKind kind = RequestKind::fetch;
  Attempt attempt = Attempt::first;
  bool answered = false;  // its 401 is in the caller's hands
  bool fresh = false;     // R14: its token had just come in when it was sent

  Urgency urgency() const {
    return (flags & cannot_wait) != 0 ? Urgency::urgent : Urgency::patient;
  }
  Body body() const { return (flags & one_shot_body) != 0 ? Body::one_shot : Body::replayable; }
  Waiter waiter() const {
    if (kind == RequestKind::token) return Waiter::token_call;
    if (kind == RequestKind::refresh) return Waiter::refresh_call;
    return answered ? Waiter::answered : Waiter::unsent;
  }
};

class Requests {
 public:
  // The id: 1 … 2²⁴ − 1 (a slot in the lower 16 bits, a serial number above); 0 when
  // limits::kMaxRequests are under way.
  RequestId add(const Request& request);
  // nullptr for an id that is unknown or void.
  Request* find(RequestId id);
  // Makes the id void. False when it is unknown or void already.
  bool remove(RequestId id);
  std::size_t size() const { return used_; }

  // Whether a call of refresh() waits.
  bool refresh_awaited();
  void add_waiter(RequestId id) { waiters_.push() = id; }
  bool any_waits() const { return !waiters_.empty(); }
  // All that wait, in the order in which they came; an id may have become void.
  List<RequestId> take_waiters() { return std::move(waiters_); }

 private:
  struct Slot {
    Request request;
    std::uint8_t serial = 0;
    bool used = false;
    std::uint32_t next_free = 0;
  };
  List<Slot> slots_;
  std::uint32_t first_free_ = 0;  // a slot's place from 1 on; 0: none is free
  std::uint32_t used_ = 0;
  List<RequestId> waiters_;
};

}  // namespace bearerkit
