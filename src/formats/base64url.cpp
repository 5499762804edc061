#include "formats/base64url.h"

#include <array>

namespace bearerkit {
namespace {

// Sets both high bits, which no six-bit value has: any bad character shows in the OR of a group.
constexpr std::uint8_t kInvalid = 0xff;

constexpr std::array<std::uint8_t, 256> make_table() {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<std::uint8_t, 256> table{};
  for (std::uint8_t& value : table) value = kInvalid;
  for (std::size_t i = 0; i < kAlphabet.size(); i++) {
    table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr std::array<std::uint8_t, 256> kTable = make_table();

std::uint32_t value_at(std::string_view text, std::size_t i) {
  return kTable[static_cast<unsigned char>(text[i])];
}

Error invalid_at(std::size_t offset) {
  return Error{ErrorCode::invalid_base64url, TokenPart::none, static_cast<std::uint32_t>(offset)};
}

// The last one to three characters, from `i` on, to `out`: the number of bytes, or the error.
Result<std::size_t> decode_tail(std::string_view text, std::size_t i, char* out) {
  const std::size_t length = text.size() - i;
  for (std::size_t k = i; k < text.size(); k++) {
    if (value_at(text, k) == kInvalid) return invalid_at(k);
  }
  // Six bits are no byte: a length of 4n + 1 has lost something or gained the last character.
  if (length == 1) return invalid_at(i);
  const std::uint32_t a = value_at(text, i);
  const std::uint32_t b = value_at(text, i + 1);
  const std::uint32_t c = length == 3 ? value_at(text, i + 2) : 0;
  // RFC 4648 §3.5: pad bits that are not zero would give one token several spellings.
  if (length == 2 && (b & 15u) != 0) return invalid_at(i + 1);
  if (length == 3 && (c & 3u) != 0) return invalid_at(i + 2);
  out[0] = static_cast<char>(a << 2 | b >> 4);
  if (length == 3) out[1] = static_cast<char>((b & 15u) << 4 | c >> 2);
  return length - 1;
}

}  // namespace

Result<std::size_t> base64url_decode(std::string_view text, char* out) {
  const std::size_t whole = text.size() / 4 * 4;
  char* const begin = out;
  std::size_t i = 0;
  // A group is read in full before its three bytes are written, so `out` may be `text` itself.
  for (; i < whole; i += 4) {
    const std::uint32_t a = value_at(text, i);
    const std::uint32_t b = value_at(text, i + 1);
    const std::uint32_t c = value_at(text, i + 2);
    const std::uint32_t d = value_at(text, i + 3);
    if (((a | b | c | d) & 0xc0u) != 0) break;
    const std::uint32_t group = a << 18 | b << 12 | c << 6 | d;
    out[0] = static_cast<char>(group >> 16);
    out[1] = static_cast<char>(group >> 8 & 0xffu);
    out[2] = static_cast<char>(group & 0xffu);
    out += 3;
  }
  if (i < whole) {
    while (value_at(text, i) != kInvalid) i++;
    return invalid_at(i);
  }
  const auto written = static_cast<std::size_t>(out - begin);
  if (i == text.size()) return written;
  Result<std::size_t> tail = decode_tail(text, i, out);
  if (tail) *tail += written;
  return tail;
}

}  // namespace bearerkit
