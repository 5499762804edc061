#include "decimal.h"

#include <array>
#include <bit>
#include <cfloat>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "ascii.h"
#include "big_integer.h"

namespace bearerkit {
namespace {

static_assert(std::numeric_limits<double>::is_iec559 && FLT_EVAL_METHOD == 0,
              "rounding is that of IEEE 754 double, without excess precision");

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// A boundary between two doubles has at most 768 significant digits: what is behind the 800th only
// tells on which side of a boundary the number is.
constexpr std::size_t kMaxDigits = 800;
// Beyond these powers of ten a number is infinite or zero whatever its digits are.
constexpr std::int64_t kMaxPoint = 310;
constexpr std::int64_t kMinPoint = -324;

// A number taken apart: ±0.d₁d₂d₃… · 10^point, where d₁ is the first digit that is not zero.
struct Decimal {
  bool valid = false;
  bool negative = false;
  std::string_view digits;    // from d₁ on, perhaps with a '.' in between; empty: zero
  std::size_t count = 0;      // of those digits
  std::uint64_t leading = 0;  // the first 19 of them
  std::int64_t point = 0;
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool done() const { return at_ == text_.size(); }
  std::size_t position() const { return at_; }
  bool take(char c) {
    if (done() || text_[at_] != c) return false;
    at_++;
    return true;
  }
  bool at_digit() const { return !done() && is_digit(text_[at_]); }
  char next() { return text_[at_++]; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// Takes digits into `decimal`; leading zeros count for the point only. False when there is none.
bool scan_digits(Scanner& scanner, Decimal& decimal, bool fraction) {
  if (!scanner.at_digit()) return false;
  while (scanner.at_digit()) {
    const char c = scanner.next();
    if (decimal.count > 0 || c != '0') {
      if (decimal.count < 19) {
        decimal.leading = decimal.leading * 10 + static_cast<std::uint64_t>(c - '0');
      }
      decimal.count++;
      if (!fraction) decimal.point++;
    } else if (fraction) {
      decimal.point--;
    }
  }
  return true;
}

bool scan_exponent(Scanner& scanner, Decimal& decimal) {
  const bool negative = scanner.take('-');
  if (!negative) scanner.take('+');
  if (!scanner.at_digit()) return false;
  std::int64_t exponent = 0;
  while (scanner.at_digit()) {
    const int digit = scanner.next() - '0';
    // Saturates: no text is so long that its digits could make up for such an exponent.
    if (exponent < 1'000'000'000'000'000) exponent = exponent * 10 + digit;
  }
  decimal.point += negative ? -exponent : exponent;
  return true;
}

Decimal scan(std::string_view text) {
  Decimal decimal;
  Scanner scanner(text);
  decimal.negative = scanner.take('-');
  const std::size_t begin = scanner.position();
  // RFC 8259 §6: no leading zeros.
  if (scanner.take('0')) {
    if (scanner.at_digit()) return decimal;
  } else if (!scan_digits(scanner, decimal, false)) {
    return decimal;
  }
  if (scanner.take('.') && !scan_digits(scanner, decimal, true)) return decimal;
  const std::size_t end = scanner.position();
  if ((scanner.take('e') || scanner.take('E')) && !scan_exponent(scanner, decimal)) return decimal;
  if (!scanner.done()) return decimal;

  decimal.valid = true;
  decimal.digits = text.substr(begin, end - begin);
  const std::size_t first = decimal.digits.find_first_of("123456789");
  decimal.digits.remove_prefix(first < decimal.digits.size() ? first : decimal.digits.size());
  return decimal;
}

// W. D. Clinger, "How to Read Floating Point Numbers Accurately" (1990): where digits and power of
// ten are both exact doubles, one operation rounds once. NaN where they are not.
double convert_fast(const Decimal& decimal) {
  static constexpr std::array<double, 23> kPowers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  if (decimal.count > 19) return kNaN;
  const std::int64_t exponent = decimal.point - static_cast<std::int64_t>(decimal.count);
  const auto digits = static_cast<double>(decimal.leading);
  if (exponent == 0) return digits;
  if (decimal.leading > (std::uint64_t{1} << 53) || exponent < -22 || exponent > 22) return kNaN;
  return exponent < 0 ? digits / kPowers[static_cast<std::size_t>(-exponent)]
                      : digits * kPowers[static_cast<std::size_t>(exponent)];
}

// bits · 2^exponent (and a little more where `sticky`), rounded half to even. 64 bits are set where
// the number is not exactly `bits`.
double round_to_double(std::uint64_t bits, std::int64_t exponent, bool sticky) {
  constexpr std::int64_t kMinExponent = -1022;
  const auto width = static_cast<std::int64_t>(std::bit_width(bits));
  const std::int64_t magnitude = width - 1 + exponent;  // of the highest bit
  if (magnitude > 1023) return kInfinity;
  const bool subnormal = magnitude < kMinExponent;
  const std::int64_t precision = subnormal ? 53 - (kMinExponent - magnitude) : 53;
  if (precision < 0) return 0;
  const std::int64_t drop = width - precision;
  std::uint64_t significand = 0;
  if (drop <= 0) {
    significand = bits << -drop;
  } else {
    const std::uint64_t half = std::uint64_t{1} << (drop - 1);
    const std::uint64_t rest = bits & (half | (half - 1));
    significand = drop == 64 ? 0 : bits >> drop;
    if (rest > half || (rest == half && (sticky || (significand & 1) != 0))) significand++;
  }
  // The implicit bit, and a carry out of the significand, add themselves to the exponent.
  const std::uint64_t biased = subnormal ? 0 : static_cast<std::uint64_t>(magnitude - kMinExponent);
  const std::uint64_t pattern = (biased << 52) + significand;
  double result = 0;
  std::memcpy(&result, &pattern, sizeof result);  // libc++ of emcc 3.1.6 has no std::bit_cast
  return result;
}

// The exact way: digits · 10^e as one large integer, of which the upper 64 bits are rounded.
double convert_exactly(const Decimal& decimal) {
  BigInteger number;
  std::size_t taken = 0;
  bool sticky = false;
  for (const char c : decimal.digits) {
    if (c == '.') continue;
    if (taken < kMaxDigits) {
      number.multiply_add(10, static_cast<std::uint32_t>(c - '0'));
      taken++;
    } else if (c != '0') {
      sticky = true;
      break;
    }
  }
  std::int64_t exponent = decimal.point - static_cast<std::int64_t>(taken);
  std::int64_t binary_exponent = 0;
  for (; exponent >= 9; exponent -= 9) number.multiply_add(1'000'000'000, 0);
  for (; exponent > 0; exponent--) number.multiply_add(10, 0);
  if (exponent < 0) {
    // So far to the left that 64 bits are left after dividing (10³ < 2¹⁰).
    const std::int64_t bits = -exponent * 10 / 3 + 1 + 64 - number.bit_width();
    const std::int64_t words = bits > 0 ? bits / 32 + 1 : 0;
    number.shift_left_words(static_cast<std::size_t>(words));
    binary_exponent = -32 * words;
  }
  for (; exponent <= -9; exponent += 9) sticky |= number.divide(1'000'000'000) != 0;
  for (; exponent < 0; exponent++) sticky |= number.divide(10) != 0;

  const BigInteger::Top top = number.top();
  return round_to_double(top.bits, top.exponent + binary_exponent, sticky || top.inexact);
}

}  // namespace

double read_decimal(std::string_view text) {
  const Decimal decimal = scan(text);
  if (!decimal.valid) return kNaN;
  double value = 0;
  if (decimal.count > 0 && decimal.point >= kMinPoint) {
    value = decimal.point > kMaxPoint ? kInfinity : convert_fast(decimal);
    if (value != value) value = convert_exactly(decimal);
  }
  return decimal.negative ? -value : value;
}

}  // namespace bearerkit
