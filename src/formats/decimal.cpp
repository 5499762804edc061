#include "formats/decimal.h"

#include <cstddef>
#include <cstdint>
#include <limits>

#include "formats/ascii.h"

namespace bearerkit {
namespace {

// 19 digits fit into 64 bits; those behind them move the point only.
constexpr std::uint64_t kEnoughDigits = 1'000'000'000'000'000'000;
// Beyond this power of ten a number is infinite or zero, whatever its 19 digits are.
constexpr std::int64_t kMaxExponent = 400;
// Where a written exponent is cut off: no text has so many digits that they could make up for it,
// and it fits into 64 bits with a sign, which 19 digits may not.
constexpr std::uint64_t kHugePower = 1'000'000'000'000'000;

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool done() const { return at_ == text_.size(); }
  bool at_digit() const { return !done() && is_digit(text_[at_]); }
  bool take(char c) {
    if (done() || to_lower(text_[at_]) != c) return false;
    at_++;
    return true;
  }

  // Takes digits into `digits`; gives how many of them were left out. `count` is how many there
  // are.
  std::int64_t take_digits(std::uint64_t& digits, std::int64_t& count) {
    std::int64_t left_out = 0;
    for (; at_digit(); at_++, count++) {
      if (digits >= kEnoughDigits) {
        left_out++;
      } else {
        digits = digits * 10 + static_cast<std::uint64_t>(text_[at_] - '0');
      }
    }
    return left_out;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// Where digits and power are both exact doubles, one operation rounds once (Clinger's fast path).
double scale(double value, std::int64_t exponent) {
  constexpr std::int64_t kLargestExact = 22;
  std::int64_t left = exponent < 0 ? -exponent : exponent;
  while (left > 0) {
    double power = 1;
    for (std::int64_t i = 0; i < kLargestExact && left > 0; i++, left--) power *= 10;
    value = exponent < 0 ? value / power : value * power;
  }
  return value;
}

}  // namespace

double read_decimal(std::string_view text) {
  constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();
  Reader reader(text);
  const bool negative = reader.take('-');
  std::uint64_t digits = 0;
  std::int64_t count = 0;
  // RFC 8259 §6: no leading zeros, a digit on each side of the point, an exponent with digits.
  std::int64_t exponent = 0;
  if (!reader.take('0')) {
    exponent = reader.take_digits(digits, count);
    if (count == 0) return kNoNumber;
  }
  if (reader.take('.')) {
    count = 0;
    exponent += reader.take_digits(digits, count) - count;
    if (count == 0) return kNoNumber;
  }
  if (reader.take('e')) {
    const bool down = reader.take('-');
    if (!down) reader.take('+');
    std::uint64_t power = 0;
    count = 0;
    if (reader.take_digits(power, count) > 0 || power > kHugePower) power = kHugePower;
    if (count == 0) return kNoNumber;
    exponent += down ? -static_cast<std::int64_t>(power) : static_cast<std::int64_t>(power);
  }
  if (!reader.done()) return kNoNumber;

  double value = static_cast<double>(digits);
  if (digits != 0) {
    const bool far = exponent > kMaxExponent || exponent < -kMaxExponent;
    value =
        far ? (exponent > 0 ? std::numeric_limits<double>::infinity() : 0) : scale(value, exponent);
  }
  return negative ? -value : value;
}

}  // namespace bearerkit
