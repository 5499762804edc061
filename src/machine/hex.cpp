#include "machine/hex.h"

namespace bearerkit {

std::string to_hex(std::uint64_t value) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out(16, '0');
  for (std::size_t i = 0; i < 16; i++) out[15 - i] = kHex[(value >> (4 * i)) & 15];
  return out;
}

std::string time_to_hex(Milliseconds time) {
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
