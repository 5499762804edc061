#include "machine/lease.h"

#include "machine/hex.h"

namespace bearerkit {

std::string write_lease(std::uint64_t id, Milliseconds until) {
  return to_hex(id) + time_to_hex(until);
}

Milliseconds lease_end(std::string_view text) {
  return text.size() == 32 ? static_cast<Milliseconds>(from_hex(text.substr(16))) : 0;
}

bool lease_holds(std::string_view text, Milliseconds now, Milliseconds length) {
  const Milliseconds until = lease_end(text);
  return now < until && until <= now + length;
}

}  // namespace bearerkit
