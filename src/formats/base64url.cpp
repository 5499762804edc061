#include "formats/base64url.h"

#include <bit>
#include <cstring>

namespace bearerkit {
namespace {

static_assert(std::endian::native == std::endian::little);  // as WebAssembly is

// What a character adds to the three bytes of its group, the first byte lowest, by its place in the
// group. The byte above them is set where it is no character of base64url.
constexpr std::uint32_t kInvalid = 0xff000000;

struct Tables {
  std::uint32_t places[4][256];

  Tables() {  // NOLINT(*-member-init): by memset
    std::memset(places, 0xff, sizeof places);
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::uint32_t value = 0;
    for (const char character : kAlphabet) {
      const auto c = static_cast<unsigned char>(character);
      places[0][c] = value << 2;
      places[1][c] = value >> 4 | (value & 15u) << 12;
      places[2][c] = value >> 2 << 8 | (value & 3u) << 22;
      places[3][c] = value << 16;
      value++;
    }
  }

  std::uint32_t at(std::size_t place, char c) const {
    return places[place][static_cast<unsigned char>(c)];
  }
};

// Made at the first use: they are four times as long as what makes them.
const Tables& tables() {
  static const Tables made;
  return made;
}

Error invalid_at(std::size_t offset) {
  return Error{ErrorCode::invalid_base64url, TokenPart::none, static_cast<std::uint32_t>(offset)};
}

// The group at `i`, of one to four characters, to `out`. Gives the number of bytes, or the error.
Result<std::size_t> decode_group(std::string_view text, std::size_t i, char* out) {
  const std::string_view group = text.substr(i, 4);
  std::uint32_t bytes = 0;
  for (std::size_t place = 0; place < group.size(); place++) {
    const std::uint32_t entry = tables().at(place, group[place]);
    if (entry >= kInvalid) return invalid_at(i + place);
    bytes |= entry;
  }
  // Six bits are no byte: a length of 4n + 1 has lost something or gained the last character.
  const std::size_t length = group.size() - 1;
  // RFC 4648 §3.5: pad bits that are not zero would give one token several spellings.
  if (length == 0 || bytes >> 8 * length != 0) return invalid_at(i + length);
  std::memcpy(out, &bytes, length);
  return length;
}

}  // namespace

Result<std::size_t> base64url_decode(std::string_view text, char* out) {
  const Tables& table = tables();
  char* const begin = out;
  std::size_t i = 0;
  // A group is read in full before its bytes are written, so `out` may be `text` itself. A byte
  // more than there are is written: the next group has at least that one.
  for (; text.size() > i + 5; i += 4) {
    const std::uint32_t bytes = table.at(0, text[i]) | table.at(1, text[i + 1]) |
                                table.at(2, text[i + 2]) | table.at(3, text[i + 3]);
    if (bytes >= kInvalid) break;
    std::memcpy(out, &bytes, sizeof bytes);
    out += 3;
  }
  for (; i < text.size(); i += 4) {
    const Result<std::size_t> size = decode_group(text, i, out);
    if (!size) return size;
    out += *size;
  }
  return static_cast<std::size_t>(out - begin);
}

}  // namespace bearerkit
