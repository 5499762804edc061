// What the fuzzers share. Each target says in its first lines what must hold for any input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace bearerkit::fuzz {

// Ends the run, and shows which line did: libFuzzer keeps the input.
inline void require(bool holds, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  if (holds) return;
  std::fprintf(stderr, "ERROR: does not hold: %s:%d\n", file, line);
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Takes the text up to the first `separator` off the front of `rest`; all of it where there is
// none.
inline std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  const std::string_view taken = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
  return taken;
}

// A text on the heap, in a block of just its size: a read past its end is seen.
class Text {
 public:
  explicit Text(std::string_view text) : bytes_(text.begin(), text.end()) {}
  operator std::string_view() const {  // NOLINT(google-explicit-constructor)
    return {bytes_.data(), bytes_.size()};
  }

 private:
  std::vector<char> bytes_;
};

// The text that an input means, of at most `most` bytes. Mostly the input itself; but one of a
// kilobyte reaches no limit of a mebibyte. So where it begins with the byte 1E, there come pieces
// with that byte between them: a letter (A: once, B: twice, C: four times … W: 2²² times; any other
// byte: once) and what is said so often.
inline Text read_text(const std::uint8_t* data, std::size_t size, std::size_t most) {
  constexpr char kSeparator = '\x1e';
  std::string_view rest = text_of(data, size);
  if (!rest.starts_with(kSeparator)) return Text(rest.substr(0, most));
  rest.remove_prefix(1);
  std::string text;
  while (!rest.empty()) {
    std::string_view piece = take_until(rest, kSeparator);
    if (piece.empty()) continue;
    const char letter = piece.front();
    piece.remove_prefix(1);
    const std::size_t times = letter >= 'A' && letter <= 'W' ? std::size_t{1} << (letter - 'A') : 1;
    for (std::size_t i = 0; i < times && text.size() < most; i++) text += piece;
  }
  return Text(text.substr(0, most));
}

// RFC 4648 §5, without padding: written as the definition says, to check the core's decoder by.
inline std::string base64url_encode(std::string_view bytes) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8 | static_cast<std::uint8_t>(c)) & 0xffff;
    for (count += 8; count >= 6; count -= 6) text += kAlphabet[bits >> (count - 6) & 63];
  }
  if (count > 0) text += kAlphabet[bits << (6 - count) & 63];
  return text;
}

}  // namespace bearerkit::fuzz
