// The requests under way: slots with ids, so that an id that is out of date is recognised.
#pragma once

#include <cstdint>
#include <vector>

#include "machine/session_state.h"
#include "machine/session_types.h"

namespace bearerkit {

enum class Waiting : std::uint8_t {
  no,        // on its way
  unsent,    // for the storage or a refresh, before it is sent
  answered,  // with a 401 in the caller's hands, for a refresh
};

struct Request {
  std::uint64_t session = 0;     // the session it belongs to; 0: begun before the storage was read
  std::uint32_t generation = 0;  // of the token it was sent with
  std::uint32_t flags = 0;       // RequestFlag bits
  RequestKind kind = RequestKind::fetch;
  Attempt attempt = Attempt::first;
  Waiting waiting = Waiting::no;

  Body body() const { return (flags & one_shot_body) != 0 ? Body::one_shot : Body::replayable; }
};

class Requests {
 public:
  // The id: 1 … 2²⁴ − 1 (a slot in the lower 16 bits, a serial number above); 0 when
  // limits::kMaxRequests are under way.
  std::uint32_t add(const Request& request);
  // nullptr for an id that is unknown or void.
  Request* find(std::uint32_t id);
  // Makes the id void; an unknown one is ignored.
  void remove(std::uint32_t id);
  std::size_t size() const { return slots_.size() - free_.size(); }

 private:
  struct Slot {
    Request request;
    std::uint8_t serial = 0;
    bool used = false;
  };
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace bearerkit
