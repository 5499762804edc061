#include "machine/lease.h"

#include "machine/hex.h"

namespace bearerkit {

Text write_lease(std::uint64_t id, Milliseconds until) {
  Text lease = to_hex(id);
  lease += time_to_hex(until);
  return lease;
}

Milliseconds lease_end(std::string_view text) {
  return text.size() == 32 ? static_cast<Milliseconds>(from_hex(text.substr(16))) : 0;
}

bool lease_holds(std::string_view text, Milliseconds now, Milliseconds length) {
  const Milliseconds until = lease_end(text);
  // What is no lease ends at 0, which is still to come by a clock that stands before 1970.
  return until > 0 && now < until && until <= now + length;
}

}  // namespace bearerkit
