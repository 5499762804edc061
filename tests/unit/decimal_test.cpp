// Decimal to binary: the nearest double, always (RFC 8259 §6, IEEE 754).
#include "decimal.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "big_integer.h"
#include "core_test.h"

namespace bearerkit {
namespace {

using test::Random;
using test::repeat;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::uint64_t pattern_of(double value) {
  std::uint64_t pattern = 0;
  std::memcpy(&pattern, &value, sizeof pattern);
  return pattern;
}

double double_of(std::uint64_t pattern) {
  double value = 0;
  std::memcpy(&value, &pattern, sizeof value);
  return value;
}

// To the bit, so that -0 is not 0.
void expect_reads(const std::string& text, double expected) {
  const double value = read_decimal(text);
  EXPECT_EQ(pattern_of(value), pattern_of(expected)) << text << " read as " << value;
}

TEST(Decimal, SmallNumbers) {
  expect_reads("0", 0.0);
  expect_reads("-0", -0.0);
  expect_reads("1", 1.0);
  expect_reads("-1", -1.0);
  expect_reads("0.1", 0.1);
  expect_reads("10.50", 10.5);
  expect_reads("0.0", 0.0);
  expect_reads("-0.0e5", -0.0);
  expect_reads("0e999999999999999999999", 0.0);
  expect_reads("1e0", 1.0);
  expect_reads("1E+2", 100.0);
  expect_reads("1e-2", 0.01);
  expect_reads("1e00002", 100.0);
  expect_reads("1700000000", 1700000000.0);
  expect_reads("1300819380.125", 1300819380.125);
  expect_reads("0.000001", 1e-6);
}

TEST(Decimal, LargeIntegersRoundHalfToEven) {
  expect_reads("9007199254740992", 9007199254740992.0);
  expect_reads("9007199254740993", 9007199254740992.0);
  expect_reads("9007199254740995", 9007199254740996.0);
  expect_reads("18446744073709551615", 18446744073709551616.0);
  expect_reads("18446744073709551616", 18446744073709551616.0);
  expect_reads("9007199254740993.0000000000000000000000000000000001", 9007199254740994.0);
  expect_reads("9007199254740993" + repeat("0", 700) + "e-700", 9007199254740992.0);
  expect_reads("9007199254740993" + repeat("0", 1000) + "1e-1001", 9007199254740994.0);
}

TEST(Decimal, TheEdgesOfTheRange) {
  expect_reads("1.7976931348623157e308", std::numeric_limits<double>::max());
  expect_reads("1.7976931348623158e308", std::numeric_limits<double>::max());
  expect_reads("1.7976931348623159e308", kInfinity);
  expect_reads("-1e309", -kInfinity);
  expect_reads("1e999", kInfinity);
  expect_reads("1e99999999999999999999999", kInfinity);
  expect_reads(std::string("1") + repeat("0", 308), 1e308);
  expect_reads(std::string("1") + repeat("0", 309), kInfinity);
  expect_reads("2.2250738585072014e-308", std::numeric_limits<double>::min());
  expect_reads("2.2250738585072011e-308", 2.2250738585072011e-308);
  expect_reads("4.9e-324", std::numeric_limits<double>::denorm_min());
  expect_reads("2.4703282292062328e-324", std::numeric_limits<double>::denorm_min());
  expect_reads("2.4703282292062327e-324", 0.0);
  expect_reads("1e-324", 0.0);
  expect_reads("1e-99999999999999999999999", 0.0);
  expect_reads(std::string("0.") + repeat("0", 400) + "1e401", 1.0);
  expect_reads(std::string("0.") + repeat("0", 100000) + "1e100001", 1.0);
  expect_reads(std::string("1") + repeat("0", 100000) + "e-100000", 1.0);
}

// All digits of odd · 2^-k: that is odd · 5^k / 10^k.
std::string exact_digits(std::uint64_t odd, int k) {
  std::string digits = std::to_string(odd);
  for (int i = 0; i < k; i++) {
    int carry = 0;
    for (std::size_t at = digits.size(); at-- > 0;) {
      const int product = (digits[at] - '0') * 5 + carry;
      digits[at] = static_cast<char>('0' + product % 10);
      carry = product / 10;
    }
    if (carry > 0) digits.insert(digits.begin(), static_cast<char>('0' + carry));
  }
  return digits;
}

// Halfway between two doubles takes up to 767 digits to write, and what comes behind them decides.
TEST(Decimal, HalfwayCasesOfManyDigits) {
  Random random(42);
  for (int i = 0; i < 60; i++) {
    // The doubles m · 2^(1-k) and (m+1) · 2^(1-k), m even; every third time subnormal.
    const int k = i % 3 == 0 ? 1075 : static_cast<int>(random.below(1074)) + 1;
    const std::uint64_t normal = std::uint64_t{1} << 52;
    const std::uint64_t m = (random.next() >> 12 | (i % 3 == 0 ? 0 : normal)) & ~std::uint64_t{1};
    const double low = std::ldexp(static_cast<double>(m), 1 - k);
    const double high = std::ldexp(static_cast<double>(m + 1), 1 - k);
    const std::string digits = exact_digits(2 * m + 1, k);
    const std::string power = "e-" + std::to_string(k);
    expect_reads(digits + power, low);
    expect_reads(digits + ".0000" + power, low);
    expect_reads(digits + "." + repeat("0", 900) + "1" + power, high);
    std::string less = digits;
    less.back()--;  // it is a 5
    expect_reads(less + "." + repeat("9", 900) + power, low);
    // The same from the odd neighbour's side: up to the even one.
    const std::string above = exact_digits(2 * m + 3, k);
    const double next = std::ldexp(static_cast<double>(m + 2), 1 - k);
    expect_reads(above + power, next);
    less = above;
    less.back()--;
    expect_reads(less + "." + repeat("9", 900) + power, high);
  }
}

TEST(Decimal, RandomNumbersAgreeWithStrtod) {
  Random random(5);
  char text[64];
  for (int i = 0; i < 200000; i++) {
    const double value = double_of(random.next());
    if (!std::isfinite(value)) continue;
    std::snprintf(text, sizeof text, "%.*e", static_cast<int>(random.below(22)), value);
    expect_reads(text, std::strtod(text, nullptr));
  }
  for (int i = 0; i < 200000; i++) {
    const std::uint64_t digits = random.next() >> random.below(64);
    std::snprintf(text, sizeof text, "%llu.%llue%d", static_cast<unsigned long long>(digits),
                  static_cast<unsigned long long>(random.next() >> random.below(64)),
                  static_cast<int>(random.below(720)) - 360);
    expect_reads(text, std::strtod(text, nullptr));
  }
}

TEST(Decimal, NanForWhatIsNoJsonNumber) {
  for (const char* text :
       {"",    " ",    "-",   "+1",   "01",  "-01", "00",  ".5",  "1.",    "1.e5",     "1e",
        "1e+", "1e-",  "e5",  "0x1",  "1_0", "1,5", "NaN", "nan", "inf",   "Infinity", "1 ",
        " 1",  "1e5.", "--1", "1.5.", "1ee", "1-",  "1\n", "-.5", "1e5e5", "\xd9\xa1"}) {
    EXPECT_TRUE(std::isnan(read_decimal(text))) << text;
  }
  EXPECT_TRUE(std::isnan(read_decimal(std::string_view("1\0", 2))));
}

TEST(Decimal, AMebibyteOfDigits) {
  expect_reads(std::string("0.") + std::string(1 << 20, '3'), 0.33333333333333333);
  expect_reads(std::string(1 << 20, '9'), kInfinity);
  expect_reads(std::string("1e") + std::string(1 << 20, '9'), kInfinity);
  expect_reads(std::string("1e-") + std::string(1 << 20, '9'), 0.0);
}

TEST(BigInteger, MultipliesAndDividesBack) {
  BigInteger number;
  number.multiply_add(0, 7);
  for (int i = 0; i < 120; i++) number.multiply_add(1'000'000'000, 0);
  EXPECT_EQ(number.bit_width(), 3591);  // ⌊log₂(7 · 10¹⁰⁸⁰)⌋ + 1
  for (int i = 0; i < 120; i++) EXPECT_EQ(number.divide(1'000'000'000), 0u);
  EXPECT_EQ(number.bit_width(), 3);
  EXPECT_EQ(number.divide(4), 3u);
  EXPECT_EQ(number.top().bits, 1u);
}

TEST(BigInteger, TopIsTheUpper64Bits) {
  BigInteger number;
  EXPECT_EQ(number.top().bits, 0u);
  number.multiply_add(1, 0x80000001u);
  number.shift_left_words(3);
  BigInteger::Top top = number.top();
  EXPECT_EQ(top.bits, 0x8000000100000000u);
  EXPECT_EQ(top.exponent, 64);
  EXPECT_FALSE(top.inexact);
  number.multiply_add(1, 1);
  top = number.top();
  EXPECT_EQ(top.bits, 0x8000000100000000u);
  EXPECT_TRUE(top.inexact);
}

// decimal.cpp never comes near the limit; should it be changed, nothing is overrun.
TEST(BigInteger, StaysInsideItsLimit) {
  BigInteger number;
  number.multiply_add(1, 1);
  for (int i = 0; i < 2000; i++) number.multiply_add(0xffffffffu, 0);
  EXPECT_LE(number.bit_width(), 4096);
  number.shift_left_words(1000);
  EXPECT_LE(number.bit_width(), 4096);
}

}  // namespace
}  // namespace bearerkit
