// Requests and answers in one tab: B, F and E rules.
#include "machine_world.h"

namespace bearerkit::test {
namespace {

constexpr Milliseconds kSecond = 1000;

Settings keeping(void (*change)(Settings&)) {
  Settings config;
  change(config);
  return config;
}

class SessionRequest : public ::testing::Test {
 protected:
  World world;
  void SetUp() override {
    world.start();
    world.sign_in();
  }
};

TEST_F(SessionRequest, B1_AFreshTokenGoesWithTheRequestAtOnce) {
  world.request();
  EXPECT_EQ(world.last & 0xff, go | with_token | tracked);
  EXPECT_TRUE(world.refreshes.empty());
}

TEST_F(SessionRequest, B2_ForeignOriginsPassWithoutTokenAndWithoutTracking) {
  world.request(foreign_origin);
  EXPECT_EQ(world.last, static_cast<std::uint32_t>(go));
}

TEST_F(SessionRequest, B4_F5_TheCallersAuthorizationAndNoCorsPassUntouched) {
  world.request(caller_authorization);
  EXPECT_EQ(world.last, static_cast<std::uint32_t>(go));
  world.request(no_cors);
  EXPECT_EQ(world.last, static_cast<std::uint32_t>(go));
}

TEST_F(SessionRequest, B6_AnythingButA401IsDelivered) {
  for (const std::uint32_t status : {0u, 200u, 204u, 302u, 400u, 403u, 404u, 500u, 503u}) {
    EXPECT_TRUE(world.answer(world.request(), status));
  }
  EXPECT_TRUE(world.refreshes.empty());
}

TEST_F(SessionRequest, B6_InsufficientScopeIsDelivered) {
  EXPECT_TRUE(
      world.answer(world.request(), 401, R"(Bearer error="insufficient_scope", scope="admin")"));
  EXPECT_TRUE(world.refreshes.empty());
}

TEST_F(SessionRequest, B6_WhatNoNewTokenCanHelpIsDelivered) {
  for (const char* challenge :
       {R"(Bearer error="insufficient_user_authentication", acr_values="mfa")",
        R"(Bearer error="insufficient_claims")", R"(Bearer error="invalid_request")",
        R"(Basic realm="x")", "DPoP", "OTP"}) {
    EXPECT_TRUE(world.answer(world.request(), 401, challenge)) << challenge;
  }
  EXPECT_TRUE(world.refreshes.empty());
}

TEST_F(SessionRequest, B6_InvalidTokenAnAbsentOrAnotherChallengeStartOneRefresh) {
  for (const char* challenge : {R"(Bearer error="invalid_token")", "", "Bearer realm=\"x\"",
                                R"(Basic, Bearer error="x")"}) {
    World fresh;
    fresh.start();
    fresh.sign_in();
    const std::uint32_t id = fresh.request();
    EXPECT_FALSE(fresh.answer(id, 401, challenge)) << challenge;
    EXPECT_EQ(fresh.refreshes.size(), 1u);
  }
}

TEST_F(SessionRequest, B8_A401FromAForeignOriginStartsNoRefresh) {
  EXPECT_TRUE(world.answer(world.request(), 401, "", false));
  EXPECT_TRUE(world.refreshes.empty());
}

TEST_F(SessionRequest, F1_SignedOutItBehavesAsFetchDoes) {
  world.sign_out();
  world.request();
  EXPECT_EQ(world.last, static_cast<std::uint32_t>(go));
}

TEST_F(SessionRequest, F3_AStreamWaitsForAFreshTokenInsideTheMargin) {
  world.pass(880 * kSecond);
  const std::uint32_t id = world.request(one_shot_body);
  EXPECT_EQ(world.last & go, 0u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::send);
}

TEST_F(SessionRequest, F3_A401ToAStreamIsDeliveredAndTheNextRequestRefreshes) {
  EXPECT_TRUE(world.answer(world.request(one_shot_body), 401));
  EXPECT_TRUE(world.refreshes.empty());
  world.request();
  EXPECT_EQ(world.last & go, 0u);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(SessionRequest, F4_AnAbortedWaiterIsForgottenAndTheRefreshGoesOn) {
  const std::uint32_t first = world.request(), second = world.request();
  world.answer(first, 401);
  world.answer(second, 401);
  world.machine.handle(world.now, inputs::abort(first));
  world.drain();
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_FALSE(world.outcome.contains(first));
  EXPECT_EQ(world.outcome[second], EffectKind::retry);
}

TEST_F(SessionRequest, F6_ExactlyOneRetry) {
  const std::uint32_t id = world.request();
  world.answer(id, 401);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.send_flags[id], go | with_token | tracked);
  EXPECT_TRUE(world.answer(id, 401));
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(SessionRequest, F7_WhenTheRefreshFailsTheServersOwn401IsDelivered) {
  const std::uint32_t id = world.request();
  world.answer(id, 401);
  world.refresh_fails();
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
}

TEST(SessionStart, F8_CallsBeforeTheStorageIsReadWaitForIt) {
  World world;
  world.storage_answers = false;
  world.start();
  const std::uint32_t id = world.request();
  EXPECT_EQ(world.last & go, 0u);
  Record record;
  record.session = 7;
  record.access_token = Text("a1");
  world.machine.handle(
      world.now, inputs::storage_read(ReadPurpose::start, world.held.back().read_storage.operation,
                                      ReadOutcome::found, write_record(record, Mode::bearer)));
  world.drain();
  EXPECT_EQ(world.outcome[id], EffectKind::send);
  EXPECT_EQ(world.send_flags[id], go | with_token | tracked);
}

TEST(SessionStart, R10_AStorageThatNeverAnswersHoldsNobodyUp) {
  World world;
  world.storage_answers = false;
  world.start();
  const std::uint32_t id = world.request();
  const std::uint32_t token = world.request(0, RequestKind::token);
  world.pass(6 * kSecond);
  EXPECT_EQ(world.outcome[id], EffectKind::send);
  EXPECT_EQ(world.finished[token], ErrorCode::none);
  EXPECT_EQ(world.count(EffectKind::warning), 1);
}

TEST_F(SessionRequest, R1_AnyNumberOf401sStartOneRefresh) {
  std::vector<std::uint32_t> ids;
  for (int i = 0; i < 100; i++) ids.push_back(world.request());
  for (const std::uint32_t id : ids) {
    EXPECT_FALSE(world.answer(id, 401));
    EXPECT_EQ((world.last & effects) != 0, id == ids[0]) << "nothing is to be done for the others";
  }
  EXPECT_EQ(world.refreshes.size(), 1u);
  world.tokens(oauth_tokens("a2", "r2"));
  for (const std::uint32_t id : ids) EXPECT_EQ(world.outcome[id], EffectKind::retry);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(SessionRequest, R2_ALate401IsRetriedWithoutARefresh) {
  std::vector<std::uint32_t> ids;
  for (int i = 0; i < 100; i++) ids.push_back(world.request());
  world.answer(ids[0], 401);
  world.tokens(oauth_tokens("a2", "r2"));
  for (std::size_t i = 1; i < ids.size(); i++) {
    world.pass(kSecond);
    EXPECT_FALSE(world.answer(ids[i], 401));
    EXPECT_EQ(world.outcome[ids[i]], EffectKind::retry);
  }
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(SessionRequest, R2_ALate401DuringTheNextRefreshWaitsForIt) {
  const std::uint32_t early = world.request(), late = world.request();
  world.answer(early, 401);
  world.tokens(oauth_tokens("a2", "r2"));
  world.answer(world.request(), 401);  // a2 is refused, too
  EXPECT_FALSE(world.answer(late, 401));
  EXPECT_FALSE(world.outcome.contains(late));
  world.tokens(oauth_tokens("a3", "r3"));
  EXPECT_EQ(world.outcome[late], EffectKind::retry);
  EXPECT_EQ(world.refreshes.size(), 2u);
}

TEST_F(SessionRequest, R11_InsideTheMarginARequestGoesAtOnceAndARefreshStarts) {
  world.pass(880 * kSecond);
  world.request();
  EXPECT_EQ(world.last & (go | with_token | effects), go | with_token | effects);
  EXPECT_EQ(world.refreshes.size(), 1u);
  world.request();
  EXPECT_NE(world.last & go, 0u);
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(SessionRequest, R11_ExpiredItWaitsAndGoesWithTheNewToken) {
  world.pass(901 * kSecond);
  const std::uint32_t id = world.request();
  EXPECT_EQ(world.last & go, 0u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.outcome[id], EffectKind::send);
  EXPECT_EQ(world.machine.access_token(), "a2");
}

TEST_F(SessionRequest, R11_ExpiredAndTheRefreshFailsItGoesWithTheTokenThereIs) {
  world.pass(901 * kSecond);
  const std::uint32_t id = world.request();
  world.refresh_fails();
  EXPECT_EQ(world.outcome[id], EffectKind::send);
  EXPECT_EQ(world.send_flags[id], go | with_token | tracked);
}

TEST_F(SessionRequest, R11_ExpiredAndTheSessionEndsItGoesWithoutAToken) {
  world.pass(901 * kSecond);
  const std::uint32_t id = world.request();
  world.tokens(R"({"error":"invalid_grant"})", 400);
  EXPECT_EQ(world.send_flags[id], static_cast<std::uint32_t>(go));
}

TEST(SessionNoRefresh, R12_WithoutARefreshTokenTheSessionEndsAtThe401) {
  World world;
  world.start();
  world.sign_in(R"({"access_token":"a1","expires_in":900})");
  EXPECT_TRUE(world.answer(world.request(), 401));
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::expired);
  EXPECT_TRUE(world.refreshes.empty());
}

TEST(SessionNoRefresh, R12_WithoutARefreshTokenTheSessionEndsAtExpiry) {
  World world;
  world.start();
  world.sign_in(R"({"access_token":"a1","expires_in":900})");
  world.pass(900 * kSecond);
  EXPECT_EQ(world.sign_out_reason(), SignOutReason::expired);
  world.request();
  EXPECT_EQ(world.last, static_cast<std::uint32_t>(go));
}

TEST(SessionClock, E5_ATokenThatIsExpiredOnArrivalIsNotRefreshedForEver) {
  World world;  // exp in 2001, and no other word on its life: {"alg":"none"}.{"exp":1000000000}.
  world.start();
  world.sign_in(
      R"({"access_token":"eyJhbGciOiJub25lIn0.eyJleHAiOjEwMDAwMDAwMDB9.","refresh_token":"r1"})");
  EXPECT_EQ(world.machine.deadline(), kNever);
  world.request();
  EXPECT_NE(world.last & go, 0u);
}

TEST_F(SessionRequest, E5_AClockThatIsSetBackByYearsCostsNoRefresh) {
  world.now -= 10.0 * 365 * 86'400 * kSecond;
  world.request();
  EXPECT_NE(world.last & go, 0u);
  EXPECT_TRUE(world.refreshes.empty());
}

TEST_F(SessionRequest, E5_AClockThatIsSetForwardByYearsCostsOneRefresh) {
  world.now += 10.0 * 365 * 86'400 * kSecond;
  world.request();
  world.tokens(oauth_tokens("a2", "r2"));
  for (int i = 0; i < 10; i++) {
    world.request();
    EXPECT_NE(world.last & go, 0u);
  }
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST_F(SessionRequest, E5_R10_AClockThatIsSetBackDuringARefreshDoesNotStretchItsTimeout) {
  const std::uint32_t id = world.request();
  world.answer(id, 401);
  world.now -= 365.0 * 86'400 * kSecond;
  world.machine.handle(world.now, inputs::wake(page_visible));
  world.drain();
  EXPECT_LE(world.machine.poll_timeout(), world.now + 10 * kSecond);
  world.pass(10 * kSecond);
  EXPECT_EQ(world.outcome[id], EffectKind::deliver);
}

TEST_F(SessionRequest, E6_A401OverridesTheClock) {
  const std::uint32_t first = world.request();
  world.answer(first, 401);
  world.request();  // the token is unexpired by the clock
  EXPECT_EQ(world.last & go, 0u);
}

TEST(SessionClock, E7_ALifeShorterThanTheMarginMakesNoLoop) {
  World world;
  world.start();
  world.sign_in(oauth_tokens("a1", "r1", 10));
  world.request();
  EXPECT_NE(world.last & go, 0u);
  EXPECT_TRUE(world.refreshes.empty());
  world.pass(8 * kSecond);
  world.request();
  EXPECT_EQ(world.refreshes.size(), 1u);
}

TEST(SessionClock, E4_ALifeOfZeroIsUnknown) {
  World world;
  world.start();
  world.sign_in(oauth_tokens("a1", "r1", 0));
  world.request();
  EXPECT_NE(world.last & go, 0u);
  EXPECT_TRUE(world.refreshes.empty());
}

TEST(SessionClock, R11_KeepAliveRefreshesAheadOfExpiryWhileVisible) {
  World world(keeping([](Settings& config) { config.keep_alive = true; }));
  world.start();
  world.sign_in();
  world.pass(871 * kSecond);
  EXPECT_EQ(world.refreshes.size(), 1u);
  world.tokens(oauth_tokens("a2", "r2"));
  world.wake(0);
  world.pass(2000 * kSecond);
  EXPECT_EQ(world.refreshes.size(), 1u);
  world.wake();
  world.pass(0);
  EXPECT_EQ(world.refreshes.size(), 2u);
}

TEST_F(SessionRequest, B3_TokensThatCannotStandInAHeaderAreRefused) {
  for (const char* access : {"a b", "a\\nb", "", "caf\xc3\xa9", "a\x7f"}) {
    EXPECT_NE(world.machine.handle(world.now, inputs::sign_in(oauth_tokens(access, "r"))),
              ErrorCode::none);
  }
  EXPECT_EQ(world.machine.access_token(), "a1");
}

TEST_F(SessionRequest, GetAccessTokenGivesAFreshOneOrFails) {
  EXPECT_EQ(world.finished[world.request(0, RequestKind::token)], ErrorCode::none);
  world.pass(901 * kSecond);
  const std::uint32_t id = world.request(0, RequestKind::token);
  EXPECT_FALSE(world.finished.contains(id));
  world.refresh_fails();
  EXPECT_EQ(world.finished[id], ErrorCode::refresh_failed);
  world.sign_out();
  EXPECT_EQ(world.finished[world.request(0, RequestKind::token)], ErrorCode::none);
}

TEST_F(SessionRequest, RefreshOnDemandJoinsTheRunningOne) {
  const std::uint32_t a = world.request(0, RequestKind::refresh);
  const std::uint32_t b = world.request(0, RequestKind::refresh);
  EXPECT_EQ(world.refreshes.size(), 1u);
  world.tokens(oauth_tokens("a2", "r2"));
  EXPECT_EQ(world.finished[a], ErrorCode::none);
  EXPECT_EQ(world.finished[b], ErrorCode::none);
}

TEST_F(SessionRequest, R10_ARefusalThatComesToAClosedClientIsDelivered) {
  const RequestId sent = world.request();
  world.tell(inputs::of(InputKind::close));
  EXPECT_TRUE(world.answer(sent, 401));
  EXPECT_EQ(world.lock_wanted, 0);
}

TEST_F(SessionRequest, R10_CloseSettlesEveryWaiter) {
  const std::uint32_t held = world.request();
  world.answer(held, 401);
  const std::uint32_t unsent = world.request();
  const std::uint32_t call = world.request(0, RequestKind::token);
  world.machine.handle(world.now, inputs::of(InputKind::close));
  world.drain();
  EXPECT_EQ(world.outcome[held], EffectKind::deliver);
  EXPECT_EQ(world.finished[unsent], ErrorCode::closed);
  EXPECT_EQ(world.finished[call], ErrorCode::closed);
  world.request();
  EXPECT_EQ(world.last, static_cast<std::uint32_t>(refused));
  world.tokens(oauth_tokens("a2", "r2"));  // nothing is lost
  EXPECT_EQ(world.stored().refresh_token, "r2");
}

}  // namespace
}  // namespace bearerkit::test
