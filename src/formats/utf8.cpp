#include "formats/utf8.h"

#include <cstdint>
#include <cstring>

namespace bearerkit {
namespace {

// The range of the second byte by lead byte (RFC 3629 §4, Unicode table 3-7); all later bytes are
// 80..BF. `length` 0: no lead byte.
struct Sequence {
  std::size_t length;
  std::uint8_t low;
  std::uint8_t high;
};

constexpr Sequence sequence_of(std::uint8_t lead) {
  if (lead < 0x80) return {1, 0, 0};
  if (lead < 0xc2) return {0, 0, 0};  // continuation bytes; C0 and C1 are always overlong
  if (lead < 0xe0) return {2, 0x80, 0xbf};
  if (lead == 0xe0) return {3, 0xa0, 0xbf};  // below A0: overlong
  if (lead == 0xed) return {3, 0x80, 0x9f};  // above 9F: surrogates
  if (lead < 0xf0) return {3, 0x80, 0xbf};
  if (lead == 0xf0) return {4, 0x90, 0xbf};  // below 90: overlong
  if (lead < 0xf4) return {4, 0x80, 0xbf};
  if (lead == 0xf4) return {4, 0x80, 0x8f};  // above 8F: beyond U+10FFFF
  return {0, 0, 0};
}

bool is_well_formed(std::string_view text, std::size_t at, const Sequence& sequence) {
  if (sequence.length == 0 || text.size() - at < sequence.length) return false;
  for (std::size_t k = 1; k < sequence.length; k++) {
    const auto byte = static_cast<std::uint8_t>(text[at + k]);
    const std::uint8_t low = k == 1 ? sequence.low : 0x80;
    const std::uint8_t high = k == 1 ? sequence.high : 0xbf;
    if (byte < low || byte > high) return false;
  }
  return true;
}

// Tokens are mostly ASCII: eight bytes at a time.
bool next_eight_are_ascii(std::string_view text, std::size_t at) {
  if (text.size() - at < 8) return false;
  std::uint64_t word = 0;
  std::memcpy(&word, text.data() + at, sizeof word);
  return (word & 0x8080808080808080u) == 0;
}

}  // namespace

std::size_t find_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (next_eight_are_ascii(text, at)) {
      at += 8;
      continue;
    }
    const Sequence sequence = sequence_of(static_cast<std::uint8_t>(text[at]));
    if (!is_well_formed(text, at, sequence)) return at;
    at += sequence.length;
  }
  return at;
}

}  // namespace bearerkit
