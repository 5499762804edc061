// Decimal to binary (RFC 8259 §6).
#include "formats/decimal.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>

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

// Where digits and power of ten are exact doubles the result is the nearest one, to the bit.
TEST(Decimal, UpTo15DigitsAreExact) {
  Random random(5);
  char text[64];
  for (int i = 0; i < 200000; i++) {
    std::snprintf(text, sizeof text, "%llue%d",
                  static_cast<unsigned long long>(random.next() % 1'000'000'000'000'000),
                  static_cast<int>(random.below(45)) - 22);
    expect_reads(text, std::strtod(text, nullptr));
  }
  expect_reads("9007199254740992", 9007199254740992.0);
  expect_reads("1700000000.123", 1700000000.123);
}

TEST(Decimal, AllOthersAreWithinAFewUnitsInTheLastPlace) {
  Random random(7);
  char text[64];
  for (int i = 0; i < 200000; i++) {
    std::snprintf(text, sizeof text, "%llu.%llue%d",
                  static_cast<unsigned long long>(random.next() >> random.below(64)),
                  static_cast<unsigned long long>(random.next() >> random.below(64)),
                  static_cast<int>(random.below(560)) - 290);
    const double nearest = std::strtod(text, nullptr);
    if (!std::isfinite(nearest) || nearest == 0) continue;
    EXPECT_NEAR(read_decimal(text) / nearest, 1.0, 1e-14) << text;
  }
}

TEST(Decimal, TheEdgesOfTheRange) {
  EXPECT_NEAR(read_decimal("1e308") / 1e308, 1.0, 1e-14);
  EXPECT_NEAR(read_decimal(std::string("1") + repeat("0", 308)) / 1e308, 1.0, 1e-14);
  expect_reads("-1e309", -kInfinity);
  expect_reads("1e999", kInfinity);
  expect_reads("1e99999999999999999999999", kInfinity);
  expect_reads(std::string("1") + repeat("0", 309), kInfinity);
  expect_reads("1e-400", 0.0);
  expect_reads("1e-99999999999999999999999", 0.0);
  // Exponents around 2⁶³ and 2⁶⁴ keep their sign.
  for (const std::string power :
       {"9223372036854775807", "9223372036854775808", "9999999999999999999", "18446744073709551615",
        "18446744073709551616", "000000000000000000000000400"}) {
    expect_reads("1e" + power, kInfinity);
    expect_reads("0.1e+" + power, kInfinity);
    expect_reads("-1e-" + power, -0.0);
    expect_reads("0e" + power, 0.0);
  }
  expect_reads("1e000000000000000000000000003", 1000.0);
  expect_reads(std::string("0.") + repeat("0", 1000) + "1e1001", 1.0);
  expect_reads(std::string("1") + repeat("0", 1000) + "e-1000", 1.0);
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
  EXPECT_NEAR(read_decimal(std::string("0.") + std::string(1 << 20, '3')), 1.0 / 3, 1e-15);
  expect_reads(std::string(1 << 20, '9'), kInfinity);
  expect_reads(std::string("1e") + std::string(1 << 20, '9'), kInfinity);
  expect_reads(std::string("1e-") + std::string(1 << 20, '9'), 0.0);
}

}  // namespace
}  // namespace bearerkit
