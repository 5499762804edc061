// R8: what comes after a refresh that failed for the moment.
#include "machine_fixture.h"

namespace bearerkit::test {
namespace {

class SessionBackoff : public SignedIn {
 protected:
  // When the next attempt is allowed, as the app was told last.
  Milliseconds retry_at() const {
    for (auto event = world.events.rbegin(); event != world.events.rend(); ++event) {
      if (event->kind == EffectKind::refreshfailed) return event->at;
    }
    return 0;
  }
  void demand() { world.request(0, RequestKind::refresh); }
  void fail(std::string_view retry_after = {}, std::string_view date = {}) {
    world.answer_refresh(
        RefreshAnswer{429, {}, std::string(retry_after), std::string(date), Override::none});
  }
};

TEST_F(SessionBackoff, R8_TheAppIsToldWhenTheNextAttemptComes) {
  demand();
  fail();
  EXPECT_GT(retry_at(), world.now);
  EXPECT_LE(retry_at(), world.now + 500);
  EXPECT_EQ(world.machine.poll_timeout(), retry_at());
}

TEST_F(SessionBackoff, R8_NoRequestStartsARefreshBeforeItsTimeAndRefreshDoes) {
  world.answer(id, 401);
  fail("60");
  for (int i = 0; i < 5; i++) EXPECT_TRUE(world.answer(world.request(), 401));
  EXPECT_EQ(world.refreshes.size(), 1u);
  demand();
  EXPECT_EQ(world.refreshes.size(), 2u);
}

TEST_F(SessionBackoff, R8_ASuccessEndsItAndTheNextFailureBeginsAnew) {
  for (int round = 0; round < 20; round++) {
    for (int i = 0; i < 6; i++) {
      demand();
      fail();
    }
    demand();
    world.tokens(oauth_tokens("a2", "r2"));
    const std::size_t before = world.refreshes.size();
    EXPECT_FALSE(world.answer(world.request(), 401));
    EXPECT_EQ(world.refreshes.size(), before + 1);  // at once
    fail();
    EXPECT_LE(retry_at(), world.now + 500);
  }
}

TEST_F(SessionBackoff, R8_WhatAnotherTabStoredEndsIt) {
  demand();
  fail("600");
  world.answer(id, 401);
  world.storage = newer("a2", "r2");
  world.wake();
  EXPECT_EQ(world.machine.poll_timeout(), kNever);  // nothing is left to be tried again
  world.request();
  EXPECT_EQ(world.last & 0xff, go | with_token | tracked);
  EXPECT_FALSE(world.answer(world.last >> kInstructionIdShift, 401));
  EXPECT_EQ(world.refreshes.size(), 2u);
  fail();
  EXPECT_LE(retry_at(), world.now + 500);
}

TEST_F(SessionBackoff, R8_L2_ANewSessionHasNoneOfTheOldOnes) {
  demand();
  fail("600");
  world.answer(id, 401);
  world.sign_in(oauth_tokens("b1", "s1"));
  EXPECT_EQ(world.machine.poll_timeout(), kNever);
  world.request();
  EXPECT_EQ(world.last & 0xff, go | with_token | tracked);
  EXPECT_FALSE(world.answer(world.last >> kInstructionIdShift, 401));
  EXPECT_EQ(world.refreshes.back().token, "s1");
}

TEST_F(SessionBackoff, R8_ALongRetryAfterIsHonouredForADay) {
  demand();
  fail("3600");
  EXPECT_EQ(retry_at(), world.now + 3600 * kSecond);
  demand();
  fail("86400000");
  EXPECT_EQ(retry_at(), world.now + 86'400 * kSecond);
}

TEST_F(SessionBackoff, R8_ARetryAfterCountsForItsOwnFailureOnly) {
  demand();
  fail("3600");
  demand();
  world.refresh_fails();
  EXPECT_LE(retry_at(), world.now + kSecond);
  // Of a success, too: the one that is never answered has nothing to do with it.
  demand();
  world.answer_refresh(RefreshAnswer{200, oauth_tokens("a2", "r2"), "3600", {}, Override::none});
  demand();
  world.pass(10 * kSecond);
  EXPECT_LE(retry_at(), world.now + kSecond);
}

TEST_F(SessionBackoff, R8_E5_ARetryAfterDateIsMeasuredAgainstTheServersClock) {
  for (const double years : {-5.0, 5.0}) {
    world.now += years * 365 * 86'400 * kSecond;
    world.sign_in();
    demand();
    fail("Tue, 14 Nov 2023 22:15:20 GMT", "Tue, 14 Nov 2023 22:13:20 GMT");
    EXPECT_EQ(retry_at(), world.now + 120 * kSecond);
  }
}

TEST_F(SessionBackoff, E8_R8_TheNetworkIsBackAndItIsTriedAgainAtOnce) {
  demand();
  world.refresh_fails();
  world.wake(page_visible | network_back);
  EXPECT_LE(world.machine.poll_timeout(), world.now);
  world.pass(0);
  EXPECT_EQ(world.refreshes.size(), 2u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_FALSE(world.answer(id, 401));
}

TEST_F(SessionBackoff, E8_R8_AfterALongTimeOfflineACallDoesNotWaitForTheBackoff) {
  for (int i = 0; i < 20; i++) {
    demand();
    world.refresh_fails();
  }
  world.wake();
  EXPECT_TRUE(world.answer(id, 401)) << "a page that wakes is not a network that is back";
  world.wake(page_visible | network_back);
  const std::size_t before = world.refreshes.size();
  EXPECT_FALSE(world.answer(world.request(), 401));
  EXPECT_EQ(world.refreshes.size(), before + 1);
  world.refresh_fails();
  EXPECT_LE(retry_at(), world.now + 500) << "it has to begin anew";
}

TEST_F(SessionBackoff, E8_R8_WhatTheServerHasPutOffIsNotTriedWhenTheNetworkIsBack) {
  demand();
  fail("60");
  world.wake(page_visible | network_back);
  EXPECT_EQ(world.machine.poll_timeout(), retry_at());
  EXPECT_TRUE(world.answer(id, 401));
  EXPECT_EQ(world.refreshes.size(), 1u);
}

}  // namespace
}  // namespace bearerkit::test
