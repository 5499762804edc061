// What the tests of the parsers share.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "formats/error.h"

namespace bearerkit {

// Errors compare and print as code, part and offset.
inline bool operator==(const Error& a, const Error& b) {
  return a.code == b.code && a.part == b.part && a.offset == b.offset;
}

inline std::ostream& operator<<(std::ostream& out, const Error& error) {
  static constexpr const char* kCodes[] = {
#define BEARERKIT_ENUMERATE(name) #name,
      BEARERKIT_ERROR_CODES(BEARERKIT_ENUMERATE)
#undef BEARERKIT_ENUMERATE
  };
  static constexpr const char* kParts[] = {"none", "header", "payload", "signature"};
  return out << kCodes[static_cast<std::size_t>(error.code)] << " in "
             << kParts[static_cast<std::size_t>(error.part)] << " at " << error.offset;
}

namespace test {

// splitmix64: seeded, so that a failure can be repeated.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }
  char byte() { return static_cast<char>(next() & 0xffu); }

 private:
  std::uint64_t state_;
};

// The encoder that the core does not have: bit by bit, so as to share no thought with the decoder.
inline std::string base64url_encode(std::string_view bytes) {
  static constexpr char kAlphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    for (int i = 7; i >= 0; i--) {
      bits = bits << 1 | (static_cast<unsigned char>(byte) >> i & 1u);
      if (++count == 6) {
        text += kAlphabet[bits];
        bits = 0;
        count = 0;
      }
    }
  }
  if (count > 0) text += kAlphabet[bits << (6 - count)];
  return text;
}

inline std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; i++) out += text;
  return out;
}

}  // namespace test
}  // namespace bearerkit
