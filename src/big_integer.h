// A non-negative integer of up to 4096 bits: just what decimal.cpp needs to round correctly.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace bearerkit {

class BigInteger {
 public:
  // this = this · factor + addend
  void multiply_add(std::uint32_t factor, std::uint32_t addend);
  // this = this / divisor; gives the remainder.
  std::uint32_t divide(std::uint32_t divisor);
  // this = this · 2^(32 · count)
  void shift_left_words(std::size_t count);

  // Bits without leading zeros; 0 for zero.
  std::int64_t bit_width() const;

  // The number is bits · 2^exponent, and a little more where `inexact`. All 64 bits are used when
  // exponent > 0.
  struct Top {
    std::uint64_t bits;
    std::int64_t exponent;
    bool inexact;
  };
  Top top() const;

 private:
  // 800 digits divided by 10^1124 with 64 bits left need 121 words (decimal.cpp's limits).
  static constexpr std::size_t kMaxWords = 128;

  std::array<std::uint32_t, kMaxWords> words_;  // the lowest first; those from size_ on are unset
  std::size_t size_ = 0;                        // the highest word is not zero
};

}  // namespace bearerkit
