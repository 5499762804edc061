// E4, E5: when a token expires by this device's clock. R8: how long to wait after a failure.
#include "machine/token_times.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "now.h"

namespace bearerkit {
namespace {

constexpr Milliseconds kYear = 365.0 * 86'400'000;

// {"alg":"none"} and these claims, in base64url.
constexpr const char* kExpAlone = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3MDAwMDA5MDB9.";
constexpr const char* kIatAndExp =
    "eyJhbGciOiJub25lIn0.eyJpYXQiOjEwMDAsImV4cCI6MTkwMH0.";  // 1000 and 1900

Milliseconds deadline(const std::string& access_token, OptionalSeconds expires_in,
                      Milliseconds now = kNow, Milliseconds skew = 0) {
  Record record;
  record.access_token = Text(access_token);
  record.deadline = 5;
  TokenResponse response;
  response.expires_in = expires_in;
  set_issued(record, response, now, skew);
  EXPECT_EQ(record.received, now);
  return record.deadline;
}

TEST(SetTimes, E4_ExpiresInCountsFromReceiptAndGoesBeforeTheClaims) {
  for (const char* token : {"opaque", kExpAlone, kIatAndExp}) {
    EXPECT_EQ(deadline(token, OptionalSeconds{60}), kNow + 60'000);
    EXPECT_EQ(deadline(token, OptionalSeconds{0.5}), kNow + 500);
  }
}

TEST(SetTimes, E4_ElseTheLifeThatTheClaimsTellCountsFromReceipt) {
  EXPECT_EQ(deadline(kIatAndExp, {}), kNow + 900'000);
  EXPECT_EQ(deadline(kIatAndExp, {}, kNow + 30 * kYear, kYear), kNow + 30 * kYear + 900'000);
}

TEST(SetTimes, E4_E5_ElseExpCorrectedByTheSkew) {
  EXPECT_EQ(deadline(kExpAlone, {}), kNow + 900'000);
  // A device clock that is fast, or slow, by five years: still 900 seconds from receipt.
  for (const Milliseconds wrong : {5 * kYear, -5 * kYear}) {
    EXPECT_EQ(deadline(kExpAlone, {}, kNow + wrong, -wrong), kNow + wrong + 900'000);
  }
}

TEST(SetTimes, E4_E5_ElseExpiresAtCorrectedByTheSkew) {
  const auto deadline_at = [](const char* token, double seconds, Milliseconds now = kNow,
                              Milliseconds skew = 0) {
    Record record;
    record.access_token = Text(token);
    TokenResponse response;
    response.expires_at.seconds = seconds;
    set_issued(record, response, now, skew);
    return record.deadline;
  };
  EXPECT_EQ(deadline_at("opaque", 1'700'000'600), kNow + 600'000);
  for (const Milliseconds wrong : {5 * kYear, -5 * kYear}) {
    EXPECT_EQ(deadline_at("opaque", 1'700'000'600, kNow + wrong, -wrong), kNow + wrong + 600'000);
  }
  // The token's own word goes before it.
  EXPECT_EQ(deadline_at(kIatAndExp, 1'700'000'600), kNow + 900'000);
  EXPECT_EQ(deadline_at(kExpAlone, 1'700'000'600), kNow + 900'000);
  EXPECT_EQ(deadline_at("eyJhbGciOiJub25lIn0.e30.", 1'700'000'600), kNow + 600'000);
  // Over on arrival: no deadline to go by (E5).
  EXPECT_EQ(deadline_at("opaque", 1'699'999'999), kNever);
  EXPECT_EQ(deadline_at("opaque", 1'700'000'000), kNever);
}

TEST(SetTimes, E4_ElseItIsUnknown) {
  EXPECT_EQ(deadline("opaque", {}), kNever);
  EXPECT_EQ(deadline("", {}), kNever);
  EXPECT_EQ(deadline("eyJhbGciOiJub25lIn0.e30.", {}), kNever);
}

TEST(SetTimes, E5_ATokenThatWouldBeExpiredOnArrivalHasNoDeadline) {
  EXPECT_EQ(deadline("opaque", OptionalSeconds{0}), kNever);
  EXPECT_EQ(deadline("opaque", OptionalSeconds{-5}), kNever);
  EXPECT_EQ(deadline(kExpAlone, {}, kNow + kYear), kNever);
  EXPECT_EQ(deadline(kIatAndExp, OptionalSeconds{0}), kNever);
}

TEST(BackoffDelay, R8_ExponentialCappedAndWithFullJitter) {
  constexpr Milliseconds kCeilings[] = {500, 1000, 2000, 4000, 8000, 16'000, 32'000, 60'000};
  Random random(7);
  for (std::uint32_t failures = 1; failures <= 40; failures++) {
    const Milliseconds ceiling = kCeilings[std::min<std::size_t>(failures, 8) - 1];
    Milliseconds least = kNever, most = 0, sum = 0;
    for (int i = 0; i < 2000; i++) {
      const Milliseconds delay = backoff_delay(failures, random);
      least = std::min(least, delay);
      most = std::max(most, delay);
      sum += delay;
    }
    EXPECT_GE(least, 0) << failures;
    EXPECT_LT(least, ceiling * 0.02) << failures;
    EXPECT_GT(most, ceiling * 0.98) << failures;
    EXPECT_LE(most, ceiling) << failures;
    EXPECT_NEAR(sum / 2000, ceiling / 2, ceiling * 0.03) << failures;
  }
}

TEST(BackoffDelay, R8_TabsThatFailTogetherDoNotTryTogether) {
  Random one(1), other(2);
  EXPECT_NE(backoff_delay(5, one), backoff_delay(5, other));
}

}  // namespace
}  // namespace bearerkit
