#include "machine/hex.h"

namespace bearerkit {

Text to_hex(std::uint64_t value) {
  Text out;
  for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[value >> shift & 15];
  return out;
}

Text time_to_hex(Milliseconds time) {
  const bool fits = time > 0 && time < kLastTime;
  return to_hex(fits ? static_cast<std::uint64_t>(time) : 0);
}

std::uint64_t from_hex(std::string_view text) {
  if (text.size() != 16) return 0;
  std::uint64_t value = 0;
  for (const char c : text) {
    std::uint64_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint64_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint64_t>(c - 'a') + 10;
    } else {
      return 0;
    }
    value = value << 4 | digit;
  }
  return value;
}

}  // namespace bearerkit
