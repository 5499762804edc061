#include "formats/json_scanner.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

#include "formats/core_limits.h"
#include "formats/decimal.h"
#include "formats/utf8.h"

namespace bearerkit {
namespace {

// What is called for each value and each string: a call would cost more than what it does.
#define BEARERKIT_HOT [[gnu::always_inline]] inline

using Byte = unsigned char;

static_assert(std::endian::native == std::endian::little);  // as WebAssembly is

// So many characters of a string are looked at at once.
using Eight = std::uint64_t;
// So many of a name or a word.
using Four = std::uint32_t;

constexpr Eight kEach = 0x0101010101010101;
constexpr Eight kHighBits = kEach * 0x80;

template <typename Word>
BEARERKIT_HOT Word load(const Byte* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Four characters as they are loaded: the bytes come in the order of their weight.
constexpr Four four_of(const char (&text)[5]) {
  Four word = 0;
  for (int i = 3; i >= 0; i--) word = word << 8 | static_cast<Byte>(text[i]);
  return word;
}
constexpr Four kName = 0x00ffffff;  // three of the four

// The high bit of the lowest byte that is zero; maybe also of some above it.
constexpr Eight zeros(Eight word) { return (word - kEach) & ~word; }

constexpr bool is_digit(Byte c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex_digit(Byte c) {
  const unsigned letter = c | 0x20u;
  return is_digit(c) || (letter >= 'a' && letter <= 'f');
}

// So many digits before the point a double holds exactly.
constexpr std::ptrdiff_t kExactDigits = 15;

constexpr bool is_space(Byte c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

BEARERKIT_HOT const Byte* skip_spaces(const Byte* at) {
  while (*at <= ' ' && is_space(*at)) at++;
  return at;
}

// To the next byte of a string that is a quote, a backslash, a control character, or among `high`.
BEARERKIT_HOT const Byte* find_stop(const Byte* at, Eight high) {
  for (;; at += sizeof(Eight)) {
    const Eight word = load<Eight>(at);
    const Eight control = (word - kEach * 0x20) & ~word;
    const Eight found = zeros(word ^ kEach * '"') | zeros(word ^ kEach * '\\') | control;
    const Eight stops = (found & kHighBits) | (word & high);
    if (stops != 0) return at + __builtin_ctzll(stops) / 8;
  }
}

std::string_view text_of(const Byte* begin, const Byte* end) {
  return {reinterpret_cast<const char*>(begin), static_cast<std::size_t>(end - begin)};
}

// Behind the escape at `at`, or nullptr. Half a surrogate pair is as good as a whole one (D7).
const Byte* skip_escape(const Byte* at) {
  const Byte kind = at[1];
  at += 2;
  if (kind == 'u') {
    for (const Byte* const end = at + 4; at < end; at++) {
      if (!is_hex_digit(*at)) return nullptr;
    }
    return at;
  }
  constexpr std::string_view kKinds = "\"\\/bfnrt";
  return kKinds.find(static_cast<char>(kind)) == std::string_view::npos ? nullptr : at;
}

// The members of the outermost object of which the value is kept; the last one is all others.
enum Claim : std::uint8_t { exp, nbf, iat, other };

// Zeros stand behind the text: they end every string, number and word, and are no value. All that
// takes a place gives the place behind, or nullptr for what is unusual: a place in a register is
// what makes it quick.
class Scanner {
 public:
  Scanner(const char* text, std::size_t size)  // NOLINT(*-member-init): outer_ is set as it fills
      : begin_(reinterpret_cast<const Byte*>(text)), end_(begin_ + size) {}

  // All of the text.
  bool object();

  double times[4] = {kAbsent, kAbsent, kAbsent, kAbsent};
  bool ascii() const { return high_bits_ != 0; }

 private:
  // From behind the first quote.
  BEARERKIT_HOT const Byte* string(const Byte* at) {
    at = find_stop(at, high_bits_);
    return *at == '"' ? at + 1 : rest_of_string(at);
  }
  BEARERKIT_HOT bool names(const Byte* begin, const Byte* end, Claim& claim);
  BEARERKIT_HOT const Byte* word(const Byte* at);
  const Byte* number(const Byte* at, Claim claim);
  const Byte* rest_of_string(const Byte* at);

  static constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

  const Byte* const begin_;
  const Byte* const end_;
  // Which bytes stop a string: all that are not ASCII, until all of the text has proved
  // well-formed.
  Eight high_bits_ = kHighBits;
  bool escaped_ = false;
  std::size_t depth_ = 0;
  Byte outer_[limits::kMaxJsonDepth];  // what ends those around the open one; `depth_` are set
};

bool Scanner::object() {
  const Byte* at = skip_spaces(begin_);
  if (*at != '{') return false;
  bool naming = false;  // a name comes, and no value
  Claim claim = other;  // whose value comes
  Byte closing = 0;     // what ends the object or array that is open
  for (;; at = skip_spaces(at + 1)) {
    const Byte first = *at;
    if (first == '"') {
      const Byte* const begin = at + 1;
      escaped_ = false;
      at = string(begin);
      if (at == nullptr) return false;
      if (naming) {
        if (!names(begin, at, claim)) return false;
        at = skip_spaces(at);
        if (*at != ':') return false;
        naming = false;
        continue;
      }
      if (claim != other) return false;
    } else if (naming || (claim != other && first > '9')) {
      return false;
    } else if (first <= '9') {
      at = number(at, claim);
    } else if (first == '{' || first == '[') {
      if (depth_ == limits::kMaxJsonDepth) return false;
      outer_[depth_++] = closing;
      closing = static_cast<Byte>(first + 2);  // ASCII has them so
      naming = first == '{';
      const Byte* const next = skip_spaces(at + 1);
      if (*next != closing) continue;
      at = next;
    } else {
      at = word(at);
    }
    if (at == nullptr) return false;
    for (at = skip_spaces(at); *at != ','; at = skip_spaces(at + 1)) {
      if (*at != closing) return false;
      closing = outer_[--depth_];
      if (depth_ == 0) return skip_spaces(at + 1) == end_;
    }
    naming = closing == '}';
  }
}

// Which claim the name between `begin` and its quote, before `end`, is: false where it may be one
// that is written in another way.
bool Scanner::names(const Byte* begin, const Byte* end, Claim& claim) {
  claim = other;
  if (depth_ == 1 && escaped_) return false;
  if (depth_ == 1 && end - begin == 4) {
    const Four name = load<Four>(begin) & kName;
    if (name == (four_of("exp ") & kName)) claim = exp;
    if (name == (four_of("nbf ") & kName)) claim = nbf;
    if (name == (four_of("iat ") & kName)) claim = iat;
  }
  return true;
}

const Byte* Scanner::word(const Byte* at) {
  const Four word = load<Four>(at);
  if (word == four_of("true") || word == four_of("null")) return at + 4;
  return word == four_of("fals") && at[4] == 'e' ? at + 5 : nullptr;
}

const Byte* Scanner::number(const Byte* at, Claim claim) {
  const Byte* const begin = at;
  if (*at == '-') at++;
  const Byte* const first = at;
  double value = 0;
  for (; is_digit(*at); at++) value = value * 10 + (*at - '0');
  const std::ptrdiff_t count = at - first;
  if (count == 0 || count > kExactDigits || (count > 1 && *first == '0')) return nullptr;
  if (begin != first) value = -value;
  if (*at == '.') {
    const Byte* const point = at++;
    while (is_digit(*at)) at++;
    if (at - point == 1) return nullptr;
    if (claim != other) value = read_decimal(text_of(begin, at));
  }
  times[claim] = value;
  return (*at | 0x20) == 'e' ? nullptr : at;
}

// From what has stopped find_stop, unless it is the end.
const Byte* Scanner::rest_of_string(const Byte* at) {
  for (; *at != '"'; at = find_stop(at, high_bits_)) {
    if (*at == '\\') {
      escaped_ = true;
      at = skip_escape(at);
      if (at == nullptr) return nullptr;
    } else if (*at < 0x80) {
      return nullptr;
    } else {
      const std::string_view all = text_of(begin_, end_);
      if (find_invalid_utf8(all) != all.size()) return nullptr;
      high_bits_ = 0;
    }
  }
  return at + 1;
}

}  // namespace

bool scan_json_object(char* text, std::size_t size, JsonScan& scan) {
  char behind[kScanRoom];
  std::memcpy(behind, text + size, kScanRoom);
  std::memset(text + size, 0, kScanRoom);
  Scanner scanner(text, size);
  const bool usual = scanner.object();
  const auto& times = scanner.times;
  scan = {{times[exp]}, {times[nbf]}, {times[iat]}, scanner.ascii()};
  std::memcpy(text + size, behind, kScanRoom);
  return usual;
}

}  // namespace bearerkit
