#include "big_integer.h"

#include <bit>

namespace bearerkit {

void BigInteger::multiply_add(std::uint32_t factor, std::uint32_t addend) {
  std::uint64_t carry = addend;
  for (std::size_t i = 0; i < size_; i++) {
    carry += std::uint64_t{words_[i]} * factor;
    words_[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
  // decimal.cpp's limits keep the number far below kMaxWords; the test is for whoever changes them.
  if (carry != 0 && size_ < kMaxWords) words_[size_++] = static_cast<std::uint32_t>(carry);
}

std::uint32_t BigInteger::divide(std::uint32_t divisor) {
  std::uint64_t remainder = 0;
  for (std::size_t i = size_; i-- > 0;) {
    const std::uint64_t dividend = remainder << 32 | words_[i];
    words_[i] = static_cast<std::uint32_t>(dividend / divisor);
    remainder = dividend % divisor;
  }
  while (size_ > 0 && words_[size_ - 1] == 0) size_--;
  return static_cast<std::uint32_t>(remainder);
}

void BigInteger::shift_left_words(std::size_t count) {
  if (count > kMaxWords - size_) count = kMaxWords - size_;
  for (std::size_t i = size_; i-- > 0;) words_[i + count] = words_[i];
  for (std::size_t i = 0; i < count; i++) words_[i] = 0;
  if (size_ > 0) size_ += count;
}

std::int64_t BigInteger::bit_width() const {
  if (size_ == 0) return 0;
  return static_cast<std::int64_t>(32 * (size_ - 1)) +
         static_cast<std::int64_t>(std::bit_width(words_[size_ - 1]));
}

BigInteger::Top BigInteger::top() const {
  Top top{0, 0, false};
  const std::int64_t width = bit_width();
  if (width > 64) top.exponent = width - 64;
  for (std::size_t i = size_; i-- > 0;) {
    const std::int64_t shift = static_cast<std::int64_t>(32 * i) - top.exponent;
    const std::uint64_t word = words_[i];
    if (shift >= 0) {
      top.bits |= word << shift;
    } else if (shift > -32) {
      top.bits |= word >> -shift;
      top.inexact |= static_cast<std::uint32_t>(word << (32 + shift)) != 0;
    } else {
      top.inexact |= word != 0;
    }
  }
  return top;
}

}  // namespace bearerkit
