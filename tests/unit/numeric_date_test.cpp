// E1: when a token is expired, or not yet valid (RFC 7519 §4.1.4, §4.1.5).
#include "formats/numeric_date.h"

#include "core_test.h"

namespace bearerkit {
namespace {

constexpr OptionalSeconds kNone;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(NumericDate, E1_ExpiredFromExpOn) {
  constexpr OptionalSeconds exp{1000};
  EXPECT_FALSE(is_expired(exp, 999.999, 0));
  EXPECT_TRUE(is_expired(exp, 1000, 0));
  EXPECT_TRUE(is_expired(exp, 1000.001, 0));
}

TEST(NumericDate, E1_LeewayMovesTheBoundary) {
  constexpr OptionalSeconds exp{1000};
  EXPECT_FALSE(is_expired(exp, 1059.5, 60));
  EXPECT_TRUE(is_expired(exp, 1060, 60));
  EXPECT_TRUE(is_expired(exp, 995, -5));  // a negative one: earlier
  EXPECT_FALSE(is_expired(exp, 994, -5));
}

TEST(NumericDate, E1_Fractions) {
  constexpr OptionalSeconds exp{1300819380.5};
  EXPECT_FALSE(is_expired(exp, 1300819380.25, 0));
  EXPECT_TRUE(is_expired(exp, 1300819380.5, 0));
}

TEST(NumericDate, E1_WithoutExpNeverExpired) {
  EXPECT_FALSE(kNone.has_value());
  EXPECT_FALSE(is_expired(kNone, 1e18, 0));
  EXPECT_FALSE(is_expired(kNone, kInfinity, -kInfinity));
}

TEST(NumericDate, E1_NotYetValidBeforeNbf) {
  constexpr OptionalSeconds nbf{1000};
  EXPECT_TRUE(is_not_yet_valid(nbf, 999.9, 0));
  EXPECT_FALSE(is_not_yet_valid(nbf, 1000, 0));
  EXPECT_TRUE(is_not_yet_valid(nbf, 939, 60));
  EXPECT_FALSE(is_not_yet_valid(nbf, 940, 60));
  EXPECT_FALSE(is_not_yet_valid(kNone, -1e18, 0));
}

TEST(NumericDate, HugeAndNegativeDates) {
  EXPECT_FALSE(is_expired(OptionalSeconds{1e300}, 1e12, 0));
  EXPECT_TRUE(is_expired(OptionalSeconds{-1e300}, 0, 0));
  EXPECT_TRUE(is_expired(OptionalSeconds{0}, 0, 0));
}

}  // namespace
}  // namespace bearerkit
