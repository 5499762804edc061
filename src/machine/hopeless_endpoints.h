// The endpoints that refuse even a fresh token (R14): a wrong password answered by 401, a service
// that knows the user but not the token.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace bearerkit {

// Endpoints are numbers: the caller's hash of a method and an address, never the address itself.
// 0 is none. The last few are remembered.
class HopelessEndpoints {
 public:
  bool empty() const { return count_ == 0; }
  bool has(std::uint32_t endpoint) {
    const Place* place = find(endpoint);
    return endpoint != 0 && place != nullptr && place->hopeless;
  }
  // It has refused a fresh token.
  void add(std::uint32_t endpoint) { take_in(endpoint, true); }
  // It has refused a token, and what it was sent cannot be sent again. The second token that it
  // refuses counts as a fresh one: true.
  bool suspect(std::uint32_t endpoint) {
    const bool known = endpoint != 0 && find(endpoint) != nullptr;
    take_in(endpoint, known);
    return known;
  }
  // It has answered otherwise.
  void remove(std::uint32_t endpoint) {
    Place* place = find(endpoint);
    if (endpoint == 0 || place == nullptr) return;
    *place = {};
    count_--;
  }
  // Another session has begun.
  void clear() { *this = HopelessEndpoints(); }

 private:
  struct Place {
    std::uint32_t endpoint = 0;  // 0: free
    bool hopeless = false;
  };
  Place* find(std::uint32_t endpoint) {
    for (Place& place : places_) {
      if (place.endpoint == endpoint) return &place;
    }
    return nullptr;
  }
  void take_in(std::uint32_t endpoint, bool hopeless) {
    if (endpoint == 0) return;
    Place* place = find(endpoint);
    if (place == nullptr) {
      place = find(0);
      count_ += place != nullptr ? 1 : 0;
    }
    if (place == nullptr) place = &places_[next_++ % std::size(places_)];
    *place = {endpoint, hopeless};
  }

  Place places_[16];
  std::size_t next_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace bearerkit
