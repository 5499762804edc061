// R8, E8: when a refresh that failed for the moment may be tried again.
#include "machine/backoff.h"

#include <gtest/gtest.h>

#include "now.h"

namespace bearerkit {
namespace {

constexpr Milliseconds kDay = 86'400'000;

class BackoffTest : public ::testing::Test {
 protected:
  Random random{7};
  Backoff backoff;
  void fail(OptionalSeconds retry_after = {}, bool may_recover = true) {
    backoff.fail(kNow, retry_after, random, may_recover);
  }
};

TEST_F(BackoffTest, NothingIsPutOffAtFirst) {
  EXPECT_FALSE(backoff.active(kNow));
  EXPECT_EQ(backoff.retry_at(), kNever);
  EXPECT_EQ(backoff.recovers_at(), kNever);
}

TEST_F(BackoffTest, R8_AfterAFailureItWaitsAndThenTriesByItself) {
  fail();
  EXPECT_GE(backoff.until(), kNow);
  EXPECT_LE(backoff.until(), kNow + 500);
  EXPECT_TRUE(backoff.active(backoff.until() - 1));
  EXPECT_FALSE(backoff.active(backoff.until()));
  EXPECT_EQ(backoff.retry_at(), backoff.until());
  EXPECT_EQ(backoff.recovers_at(), backoff.until());
}

TEST_F(BackoffTest, R8_TheWaitGrowsToAMinuteAndNoFurther) {
  Milliseconds longest = 0;
  for (int i = 0; i < 1000; i++) {
    fail();
    ASSERT_LE(backoff.until(), kNow + 60'000);
    longest = backoff.until() > longest ? backoff.until() : longest;
  }
  EXPECT_GT(longest, kNow + 55'000);
}

TEST_F(BackoffTest, R8_TheServersWishGoesFirst) {
  fail(OptionalSeconds{120});
  EXPECT_EQ(backoff.until(), kNow + 120'000);
  fail(OptionalSeconds{0});
  EXPECT_FALSE(backoff.active(kNow));
}

TEST_F(BackoffTest, R8_AWishOfMoreThanADayIsNotBelieved) {
  fail(OptionalSeconds{86'400});
  EXPECT_EQ(backoff.until(), kNow + kDay);
  fail(OptionalSeconds{86'401});
  EXPECT_EQ(backoff.until(), kNow + kDay);
  fail(OptionalSeconds{1e300});
  EXPECT_EQ(backoff.until(), kNow + kDay);
}

TEST_F(BackoffTest, R8_ItTriesByItselfFiveTimesInARow) {
  for (int i = 0; i < 5; i++) {
    fail();
    EXPECT_EQ(backoff.recovers_at(), backoff.until()) << i;
    backoff.begin_run();
    EXPECT_EQ(backoff.recovers_at(), kNever);
  }
  fail();
  EXPECT_EQ(backoff.recovers_at(), kNever);
  EXPECT_EQ(backoff.retry_at(), backoff.until());
  backoff.reset();
  fail();
  EXPECT_EQ(backoff.recovers_at(), backoff.until());
}

TEST_F(BackoffTest, R10_AClosedClientTriesNothingByItself) {
  fail({}, false);
  EXPECT_EQ(backoff.recovers_at(), kNever);
  EXPECT_EQ(backoff.retry_at(), backoff.until());
}

TEST_F(BackoffTest, ATryLeavesTheTimeAsItIs) {
  fail(OptionalSeconds{120});
  backoff.begin_run();
  EXPECT_TRUE(backoff.active(kNow));
  EXPECT_EQ(backoff.retry_at(), kNow + 120'000);
}

TEST_F(BackoffTest, NewTokensEndIt) {
  fail(OptionalSeconds{120});
  backoff.reset();
  EXPECT_FALSE(backoff.active(kNow));
  EXPECT_EQ(backoff.retry_at(), kNever);
  EXPECT_EQ(backoff.recovers_at(), kNever);
}

TEST_F(BackoffTest, E8_ANetworkThatIsBackEndsItAndTheNextTryIsAtOnce) {
  for (int i = 0; i < 5; i++) fail();
  backoff.network_back();
  EXPECT_FALSE(backoff.active(kNow));
  EXPECT_LE(backoff.recovers_at(), kNow);
  fail();
  EXPECT_LE(backoff.until(), kNow + 500);
}

TEST_F(BackoffTest, E8_NotSoWhatTheServerHasPutOff) {
  fail(OptionalSeconds{120});
  backoff.network_back();
  EXPECT_EQ(backoff.until(), kNow + 120'000);
  EXPECT_EQ(backoff.recovers_at(), kNow + 120'000);
  fail();
  backoff.network_back();
  EXPECT_FALSE(backoff.active(kNow));
}

TEST_F(BackoffTest, E5_ItMovesWithTheClock) {
  fail(OptionalSeconds{120});
  backoff.shift(kDay);
  EXPECT_EQ(backoff.until(), kNow + 120'000 - kDay);
  EXPECT_EQ(backoff.recovers_at(), kNow + 120'000 - kDay);
}

TEST_F(BackoffTest, R17_PatienceIsLostAtTheThirdTimeAndAfterAMinuteAndAHalf) {
  EXPECT_FALSE(backoff.loses_patience(kNow, true));
  EXPECT_FALSE(backoff.loses_patience(kNow + 90'000, true));
  EXPECT_TRUE(backoff.loses_patience(kNow + 90'000, true));
  backoff.reset();
  EXPECT_FALSE(backoff.loses_patience(kNow, true));
  EXPECT_FALSE(backoff.loses_patience(kNow, true));
  EXPECT_FALSE(backoff.loses_patience(kNow + 89'999, true));
}

TEST_F(BackoffTest, R17_WhatIsUnclearIsTriedAgainByItselfHoweverOftenItFailed) {
  for (int i = 0; i < 20; i++) {
    backoff.loses_patience(kNow, true);
    fail();
    EXPECT_NE(backoff.recovers_at(), kNever);
  }
  fail();
  EXPECT_EQ(backoff.recovers_at(), kNever);
  backoff.loses_patience(kNow, false);  // nobody is signed in
  fail();
  EXPECT_EQ(backoff.recovers_at(), kNever);
}

TEST_F(BackoffTest, R19_TheCauseStaysUntilThereAreNewTokens) {
  EXPECT_EQ(backoff.cause().kind, RefreshCauseKind::none);
  backoff.set_cause({RefreshCauseKind::status, 503});
  fail();
  EXPECT_EQ(backoff.cause().status, 503u);
  backoff.reset();
  EXPECT_EQ(backoff.cause().kind, RefreshCauseKind::none);
}

}  // namespace
}  // namespace bearerkit
