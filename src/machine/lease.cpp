#include "machine/lease.h"

#include "machine/hex.h"

namespace bearerkit {

std::string write_lease(std::uint64_t id, Milliseconds until) {
  constexpr Milliseconds kMost = 9.0e15;  // what a double holds exactly, and far beyond every date
  const bool fits = until > 0 && until < kMost;
  return to_hex(id) + to_hex(fits ? static_cast<std::uint64_t>(until) : 0);
}

bool lease_holds(std::string_view text, Milliseconds now, Milliseconds length) {
  if (text.size() != 32) return false;
  const auto until = static_cast<Milliseconds>(from_hex(text.substr(16)));
  return now < until && until <= now + length;
}

}  // namespace bearerkit
