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
  bool has(std::uint32_t endpoint) const {
    for (const std::uint32_t known : endpoints_) {
      if (endpoint != 0 && known == endpoint) return true;
    }
    return false;
  }
  void add(std::uint32_t endpoint) {
    if (endpoint == 0 || has(endpoint)) return;
    std::uint32_t& place = endpoints_[next_++ % std::size(endpoints_)];
    count_ += place == 0 ? 1 : 0;
    place = endpoint;
  }
  // It has answered otherwise.
  void remove(std::uint32_t endpoint) {
    for (std::uint32_t& known : endpoints_) {
      if (endpoint == 0 || known != endpoint) continue;
      known = 0;
      count_--;
    }
  }
  // Another session has begun.
  void clear() { *this = HopelessEndpoints(); }

 private:
  std::uint32_t endpoints_[16] = {};
  std::size_t next_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace bearerkit
